// Purges Cloudflare by the tags of `downstream.tagHeaders: ['Cache-Tag']`.

/** Tags in one request. */
const MOST_TAGS = 30;

/** @param {{ zone: string, token: string, api?: string }} options token: with the permission "Cache Purge" of the zone */
export const purgeCloudflare =
  ({ zone, token, api = 'https://api.cloudflare.com/client/v4' }) =>
  async ({ all, tags }) => {
    const send = async (what) => {
      const response = await fetch(`${api}/zones/${zone}/purge_cache`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(what),
      });
      if (!response.ok) throw new Error(`Cloudflare: status ${response.status}`);
    };
    if (all) return send({ purge_everything: true });
    for (let i = 0; i < tags.length; i += MOST_TAGS) await send({ tags: tags.slice(i, i + MOST_TAGS) });
  };
