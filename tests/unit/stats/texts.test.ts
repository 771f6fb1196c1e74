import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const source = path.resolve(__dirname, '../../../admin/src');
const translations = path.join(source, 'translations');
const load = (file: string): Record<string, string> =>
  JSON.parse(readFileSync(path.join(translations, file), 'utf8')) as Record<string, string>;
const en = load('en.json');

const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => readFileSync(path.join(source, file), 'utf8'))
  .join('\n');

/** Names of the values that a text takes, also within plurals. */
const values = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map((it) => it[1] ?? ''))].sort();

describe('texts of the admin panel', () => {
  it.each(['fr.json', 'de.json', 'es.json'])('%s has every text, with the same values', (file) => {
    const other = load(file);
    expect(Object.keys(other).sort()).toEqual(Object.keys(en).sort());
    for (const [id, text] of Object.entries(en))
      expect([id, values(other[id] ?? '')]).toEqual([id, values(text)]);
  });

  it('are all used', () => {
    // ids that are put together in the code are known by their beginning
    const made = [...code.matchAll(/`([\w.-]+\.)\$\{/g)].map((it) => it[1] ?? '');
    const prefixes = [...made, 'reason.', 'bypass.'];
    const unused = Object.keys(en).filter(
      (id) => !code.includes(`'${id}'`) && !prefixes.some((prefix) => id.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });
});
