'use strict';

/** What `create-strapi` writes, and what a variant puts before and behind it. */
module.exports = ({ env }) => [
  ...env.array('BENCH_FIRST_MIDDLEWARES', []),
  'strapi::logger',
  'strapi::errors',
  'strapi::security',
  'strapi::cors',
  'strapi::poweredBy',
  'strapi::query',
  'strapi::body',
  'strapi::session',
  'strapi::favicon',
  'strapi::public',
  ...env.array('BENCH_LAST_MIDDLEWARES', []),
];
