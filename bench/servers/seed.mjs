const ARTICLES = 250;
const NOTES = 210;
const TOKENS = 20;

const WORDS =
  'harbour lantern orchard weather railway quiet morning letter garden window paper river market bridge'.split(
    ' ',
  );

const words = (start, count) =>
  Array.from({ length: count }, (_, i) => WORDS[(start * 7 + i * i + i) % WORDS.length]).join(' ');

const sentence = (start, count) => {
  const text = words(start, count);
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
};

/**
 * Articles of about 2 KB each with cover, author, category, tags and SEO, notes of 2 KB of text, rights of the public to
 * read them, and API tokens.
 */
export async function seed(strapi) {
  const create = (uid, data, more = {}) => strapi.documents(uid).create({ data, ...more });
  const authors = [];
  for (let i = 0; i < 10; i++)
    authors.push(await create('api::author.author', { name: `Author ${i}`, about: sentence(i, 8) }));
  const categories = [];
  for (let i = 0; i < 5; i++)
    categories.push(await create('api::category.category', { name: `Category ${i}`, slug: `category-${i}` }));
  const tags = [];
  for (let i = 0; i < 20; i++) tags.push(await create('api::tag.tag', { name: `Tag ${i}` }));
  const covers = [];
  for (let i = 0; i < 40; i++)
    covers.push(await strapi.db.query('plugin::upload.file').create({ data: picture(i) }));
  for (let i = 0; i < ARTICLES; i++) {
    const article = {
      title: `Article ${i} ${words(i, 3)}`,
      slug: `article-${i}`,
      summary: sentence(i, 12),
      text: sentence(i + 1, 18),
      rating: i % 5,
      author: authors[i % authors.length].documentId,
      category: categories[i % categories.length].documentId,
      tags: [0, 7, 13].map((step) => tags[(i + step) % tags.length].documentId),
      cover: covers[i % covers.length].id,
      seo: { metaTitle: words(i + 2, 5), metaDescription: sentence(i + 3, 10) },
    };
    await create('api::article.article', article, { status: 'published' });
  }
  for (let i = 0; i < NOTES; i++)
    await create('api::note.note', { title: `Note ${i}`, text: sentence(i, 300) }, { status: 'published' });
  await allowReading(strapi);
  const tokens = [];
  for (let i = 0; i < TOKENS; i++) {
    const token = { name: `bench-${i}`, description: '', type: 'read-only', lifespan: null };
    tokens.push((await strapi.service('admin::api-token').create(token)).accessKey);
  }
  return { tokens };
}

/** What an upload leaves in the database. */
function picture(i) {
  const file = (prefix, width) => ({
    name: `${prefix}cover-${i}.jpg`,
    hash: `${prefix}cover_${i}_1f0c9a`,
    ext: '.jpg',
    mime: 'image/jpeg',
    width,
    height: Math.round(width * 0.66),
    size: width / 10,
    url: `/uploads/${prefix}cover_${i}_1f0c9a.jpg`,
  });
  return {
    ...file('', 1800),
    alternativeText: words(i, 5),
    provider: 'local',
    formats: { thumbnail: file('thumbnail_', 245), small: file('small_', 500) },
  };
}

async function allowReading(strapi) {
  const role = await strapi.db.query('plugin::users-permissions.role').findOne({ where: { type: 'public' } });
  for (const name of ['article', 'author', 'category', 'tag', 'note'])
    for (const action of ['find', 'findOne'])
      await strapi.db
        .query('plugin::users-permissions.permission')
        .create({ data: { action: `api::${name}.${name}.${action}`, role: role.id } });
}
