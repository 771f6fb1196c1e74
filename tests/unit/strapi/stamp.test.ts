import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Core } from '@strapi/strapi';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildStamp } from '../../../server/src/strapi/stamp';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'stamp-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const stampOf = (contentTypes: object): string =>
  buildStamp({
    contentTypes,
    components: {},
    config: { get: (_name: string, otherwise: unknown) => otherwise },
    dirs: { app: { root }, dist: { src: path.join(root, 'src'), config: path.join(root, 'config') } },
  } as unknown as Core.Strapi);

const article = {
  uid: 'api::article.article',
  attributes: { title: { type: 'string' }, text: { type: 'text' } },
};
const tag = { uid: 'api::tag.tag', attributes: { name: { type: 'string' } } };

describe('the stamp of a build', () => {
  it('is the same on instances that have read the same types in another order', () => {
    const turned = {
      attributes: { text: { type: 'text' }, title: { type: 'string' } },
      uid: 'api::article.article',
    };
    expect(stampOf({ tag, article: turned })).toBe(stampOf({ article, tag }));
  });

  it('is another one when a type has changed', () => {
    const changed = { ...tag, attributes: { name: { type: 'text' } } };
    expect(stampOf({ article, tag: changed })).not.toBe(stampOf({ article, tag }));
  });

  it('keeps lists in their order', () => {
    const listing = (enumeration: string[]) => stampOf({ tag: { ...tag, enumeration } });
    expect(listing(['a', 'b'])).not.toBe(listing(['b', 'a']));
  });
});
