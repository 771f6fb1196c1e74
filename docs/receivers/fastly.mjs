// Purges Fastly by the tags of `downstream.tagHeaders: ['Surrogate-Key']`.

/** Keys in one request. */
const MOST_KEYS = 256;

/** @param {{ service: string, token: string, api?: string }} options token: with the scope `purge_select`, `purge_all` */
export const purgeFastly =
  ({ service, token, api = 'https://api.fastly.com' }) =>
  async ({ all, tags }) => {
    const send = async (path, body) => {
      const response = await fetch(`${api}/service/${service}/${path}`, {
        method: 'POST',
        headers: { 'fastly-key': token, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`Fastly: status ${response.status}`);
    };
    if (all) return send('purge_all', {});
    for (let i = 0; i < tags.length; i += MOST_KEYS)
      await send('purge', { surrogate_keys: tags.slice(i, i + MOST_KEYS) });
  };
