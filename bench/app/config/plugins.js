'use strict';

/** The cache of a variant comes from the harness. */
module.exports = ({ env }) => ({
  'users-permissions': { config: { jwtSecret: 'bench-jwt-secret' } },
  ...env.json('BENCH_PLUGINS', {}),
});
