import { ACTIONS } from '../permissions';

const route = (method: 'GET' | 'POST', path: string, handler: string, action: keyof typeof ACTIONS) => ({
  method,
  path,
  handler: `admin.${handler}`,
  config: {
    policies: [
      'admin::isAuthenticatedAdmin',
      { name: 'admin::hasPermissions', config: { actions: [ACTIONS[action]] } },
    ],
  },
});

export default {
  admin: {
    type: 'admin',
    routes: [
      route('GET', '/overview', 'overview', 'read'),
      route('GET', '/entries', 'entries', 'read'),
      route('GET', '/entries/:key', 'entry', 'read'),
      route('GET', '/documents/:uid/:documentId', 'document', 'read'),
      route('GET', '/purges', 'purges', 'read'),
      route('GET', '/rate-limits', 'rateLimits', 'read'),
      route('POST', '/rate-limits/reset', 'resetRateLimit', 'resetLimits'),
      route('GET', '/targets', 'targets', 'purge'),
      route('POST', '/purge/preview', 'preview', 'purge'),
      route('POST', '/purge', 'purge', 'purge'),
      route('GET', '/configuration', 'configuration', 'configuration'),
    ],
  },
  'content-api': {
    type: 'content-api',
    routes: [
      { method: 'POST', path: '/purge', handler: 'api.purge' },
      { method: 'GET', path: '/stats', handler: 'api.stats' },
    ],
  },
};
