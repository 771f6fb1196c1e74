import { createRequire } from 'node:module';
import path from 'node:path';
import { cacheOff } from './build.mjs';
import { playground } from './paths.mjs';
import { line } from './steps.mjs';

const windows = process.platform === 'win32';
const quote = (text) => (windows ? `"${text.replaceAll('"', '\\"')}"` : `'${text}'`);
const filter = windows ? 'findstr /i "x-cache: title"' : "grep -iE '^x-cache:|title'";

const firstArticle = async (url) => {
  const query = 'pagination[pageSize]=1&sort=publishedOn:desc&fields=title';
  const response = await fetch(`${url}/api/articles?${query}`);
  const { data } = await response.json();
  return data?.[0];
};

/** Where everything is, and three lines that show a miss, a hit and a purge. */
export const printGuide = async (url) => {
  const require = createRequire(path.join(playground, 'package.json'));
  const { admin, tokens } = require('./dist/src/seed/credentials.js');
  const article = cacheOff ? null : await firstArticle(url);

  line(`
  The playground is ready.

    Site     ${url}/api/articles?populate=*
    Admin    ${url}/admin
    Login    ${admin.email}   ${admin.password}
`);
  if (article) {
    const address = `${url}/api/articles/${article.documentId}?fields=title`;
    const read = `curl -si ${quote(address)} | ${filter}`;
    const data = quote(JSON.stringify({ data: { title: 'Fresh from the oven' } }));
    const headers = [`Authorization: Bearer ${tokens.fullAccess.key}`, 'Content-Type: application/json'];
    const write = `curl -s -X PUT ${quote(address)} ${headers.map((it) => `-H ${quote(it)}`).join(' ')} -d ${data}`;
    line(`  Try it in a second terminal. The first answer is a MISS, the second one a HIT:

    ${read}
    ${read}

  Now change the title, with a token that exists for development only:

    ${write}

  Run the first line again: a MISS with the new title, because the write has purged the old answer.
`);
  }
  const cached = cacheOff ? 'the cache is off.' : 'answers from the cache do not reach it.';
  line(`  Stop with Ctrl+C. Below is the log of Strapi; ${cached}\n`);
};
