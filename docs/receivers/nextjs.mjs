// Revalidates Next.js by tags: every fetch that shows articles names them, `next: { tags: ['strapi', 'article'] }`.

/**
 * @param {(tag: string, profile: { expire: number }) => void} revalidateTag from 'next/cache'
 * @param {string} everything a tag that every fetch from Strapi has
 */
export const purgeNext =
  (revalidateTag, everything = 'strapi') =>
  ({ all, tags }) => {
    // `expire: 0`: the next visitor gets the new page, not the old one a last time
    for (const tag of all ? [everything] : tags) revalidateTag(tag, { expire: 0 });
  };
