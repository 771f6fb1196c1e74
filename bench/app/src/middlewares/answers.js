'use strict';

/** Answers from what `servers/answers.mjs` has copied, where there is anything. */
module.exports = () => (ctx, next) => (globalThis.answerKoa(ctx) ? undefined : next());
