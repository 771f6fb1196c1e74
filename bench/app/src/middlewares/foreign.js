'use strict';

/** A global middleware as an application may have it. */
module.exports = () => async (ctx, next) => {
  await next();
  ctx.set('X-Site', 'bench');
};
