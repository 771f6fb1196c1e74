'use strict';

/** As it is behind a proxy: addresses come from `X-Forwarded-For`. */
module.exports = ({ env }) => ({
  host: '127.0.0.1',
  port: 0,
  proxy: { koa: true },
  app: { keys: ['bench-key'] },
  dirs: { public: env('PUBLIC_DIR') },
  logger: { updates: { enabled: false } },
});
