export default {
  type: 'content-api',
  routes: [
    { method: 'POST', path: '/purge', handler: 'api.purge' },
    { method: 'GET', path: '/stats', handler: 'api.stats' },
  ],
};
