const ARTICLES = 250;

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

/** Articles of about 1 KB each with author and category, rights of the public to read them, and an API token. */
export async function seed(strapi) {
  const create = (uid, data, more = {}) => strapi.documents(uid).create({ data, ...more });
  const authors = [];
  for (let i = 0; i < 10; i++)
    authors.push(await create('api::author.author', { name: `Author ${i}`, about: sentence(i, 8) }));
  const categories = [];
  for (let i = 0; i < 5; i++)
    categories.push(await create('api::category.category', { name: `Category ${i}`, slug: `category-${i}` }));
  for (let i = 0; i < ARTICLES; i++) {
    const article = {
      title: `Article ${i} ${words(i, 3)}`,
      slug: `article-${i}`,
      summary: sentence(i, 12),
      text: sentence(i + 1, 18),
      rating: i % 5,
      author: authors[i % authors.length].documentId,
      category: categories[i % categories.length].documentId,
    };
    await create('api::article.article', article, { status: 'published' });
  }
  for (let i = 0; i < 20; i++)
    await create('api::note.note', { title: `Note ${i}`, text: sentence(i, 20) }, { status: 'published' });
  await allowReading(strapi);
  const token = await strapi.service('admin::api-token').create({
    name: 'bench',
    description: '',
    type: 'read-only',
    lifespan: null,
    accessKey: undefined,
  });
  return { token: token.accessKey };
}

async function allowReading(strapi) {
  const role = await strapi.db.query('plugin::users-permissions.role').findOne({ where: { type: 'public' } });
  for (const name of ['article', 'author', 'category', 'note'])
    for (const action of ['find', 'findOne'])
      await strapi.db
        .query('plugin::users-permissions.permission')
        .create({ data: { action: `api::${name}.${name}.${action}`, role: role.id } });
}
