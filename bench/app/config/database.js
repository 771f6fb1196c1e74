'use strict';

const postgres = (env) => ({
  client: 'postgres',
  connection: {
    host: env('DATABASE_HOST'),
    port: env.int('DATABASE_PORT'),
    database: env('DATABASE_NAME'),
    user: env('DATABASE_USERNAME'),
  },
});

const sqlite = (env) => ({
  client: 'sqlite',
  connection: { filename: env('DATABASE_FILENAME') },
  useNullAsDefault: true,
});

module.exports = ({ env }) => ({
  connection: env('DATABASE_CLIENT') === 'postgres' ? postgres(env) : sqlite(env),
});
