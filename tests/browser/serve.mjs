// A Strapi in a process of its own, as in production: node serve.mjs '{"appDir": ..., "plugin": ..., "options": ...}'
import { createRequire } from 'node:module';
import path from 'node:path';

const { appDir, plugin, options, editor } = JSON.parse(process.argv[2] ?? '{}');
const require = createRequire(path.join(appDir, 'package.json'));
const distDir = path.join(appDir, 'dist');

// the plugin of this working copy with options of the test, wherever node_modules lies
const file = path.join(distDir, 'config/plugins.js');
const given = require(file).default;
require.cache[require.resolve(file)].exports = {
  __esModule: true,
  default: (params) => {
    const plugins = given(params);
    const own = { ...plugins['upstash-cache'], resolve: plugin, enabled: true, config: options };
    return { ...plugins, 'upstash-cache': own };
  },
};

const strapi = require('@strapi/strapi').createStrapi({ appDir, distDir });
await strapi.load();
const role = await strapi.db.query('admin::role').findOne({ where: { code: 'strapi-editor' } });
await strapi
  .service('admin::user')
  .create({ ...editor, firstname: 'An', lastname: 'Editor', isActive: true, roles: [role.id] });
await strapi.start();
process.send('ready');
process.once('disconnect', async () => {
  await strapi.destroy();
  process.exit(0);
});
