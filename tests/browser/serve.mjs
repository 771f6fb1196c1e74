// A Strapi in a process of its own, as in production: node serve.mjs '{"appDir": ..., "plugin": ..., "options": ...}'
import { createRequire } from 'node:module';
import path from 'node:path';

const { appDir, plugin, options, editor, viewer } = JSON.parse(process.argv[2] ?? '{}');
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

// before anything keeps a reference to it
const { now } = Date;
let back = 0;
Date.now = () => now() - back;

const strapi = require('@strapi/strapi').createStrapi({ appDir, distDir });
await strapi.load();
const addUser = (user, firstname, roleId) =>
  strapi
    .service('admin::user')
    .create({ ...user, firstname, lastname: 'Of the Playground', isActive: true, roles: [roleId] });
const editors = await strapi.db.query('admin::role').findOne({ where: { code: 'strapi-editor' } });
await addUser(editor, 'Editor', editors.id);
const viewers = await strapi
  .service('admin::role')
  .create({ name: 'Viewers', description: 'Look at the cache' });
await strapi
  .service('admin::role')
  .assignPermissions(viewers.id, [
    { action: 'plugin::upstash-cache.read', subject: null, properties: {}, conditions: [] },
  ]);
await addUser(viewer, 'Viewer', viewers.id);
await strapi.start();

process.on('message', ({ turnBack }) => {
  back = turnBack;
  process.send('turned back');
});
process.send('ready');
process.once('disconnect', async () => {
  await strapi.destroy();
  process.exit(0);
});
