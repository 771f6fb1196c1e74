import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/root';

const SOURCE = path.join(ROOT, 'server/src');

interface Import {
  readonly from: string;
  readonly what: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(path.sep).join('/'))
  .sort();

const parse = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(path.join(SOURCE, file), 'utf8'), ts.ScriptTarget.ES2022, true);

const walk = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
};

/** Whether nothing of an import or export is left after compilation. */
function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const names = clause.namedBindings;
  return (
    !clause.name &&
    names !== undefined &&
    ts.isNamedImports(names) &&
    names.elements.every((it) => it.isTypeOnly)
  );
}

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  walk(parse(file), (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      const { moduleSpecifier } = node;
      if (moduleSpecifier && ts.isStringLiteral(moduleSpecifier))
        found.push({ from: file, what: moduleSpecifier.text, typeOnly: isTypeOnly(node) });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument))
        found.push({ from: file, what: argument.text, typeOnly: false });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const text = node.argument.literal.getText().slice(1, -1);
      found.push({ from: file, what: text, typeOnly: true });
    }
  });
  return found;
}

const layerOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : 'top');
const target = ({ from, what }: Import): string => {
  const found = path.posix.join(path.posix.dirname(from), what);
  return files.includes(`${found}/index.ts`) ? `${found}/index` : found;
};

/** What each layer may import besides itself. `top` is index, register, bootstrap and the like. */
const MAY: Record<string, readonly string[]> = {
  core: [],
  config: ['core'],
  stores: ['core'],
  limiters: ['core', 'stores'],
  strapi: ['core', 'config'],
  middlewares: ['core', 'strapi', 'config'],
  services: ['core', 'config', 'stores', 'limiters', 'strapi', 'middlewares'],
  controllers: ['core', 'config', 'services', 'strapi', 'middlewares'],
  routes: ['controllers', 'services', 'config', 'core'],
};

/** Top files that any layer may import: names and types, and what this Strapi has. */
const NAMES = ['plugin-id', 'contracts', 'permissions', 'compatibility'];

const internal = files.flatMap(importsOf).filter(({ what }) => what.startsWith('.'));
const external = files.flatMap(importsOf).filter(({ what }) => !what.startsWith('.'));
const text = ({ from, what }: Import): string => `${from} imports ${what}`;

describe('the layers of server/src', () => {
  it('are walked: there are files and imports', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(internal.length).toBeGreaterThan(100);
  });

  it('import downwards only', () => {
    const upward = internal.filter((it) => {
      const [from, to] = [layerOf(it.from), layerOf(target(it))];
      if (from === to || from === 'top') return false;
      if (to === 'top') return !NAMES.includes(target(it));
      return !(MAY[from] ?? []).includes(to);
    });
    expect(upward.map(text)).toEqual([]);
  });

  it('are all known', () => {
    const unknown = [...new Set(files.map(layerOf))].filter((layer) => layer !== 'top' && !(layer in MAY));
    expect(unknown).toEqual([]);
  });

  it.each([
    ['core', /^node:(crypto|buffer|zlib|util|net)$/],
    ['config', /^(zod|fastest-levenshtein)$/],
    ['stores', /^(node:\w+|lru-cache|undici|@upstash\/redis|ioredis)$/],
    ['limiters', /^(node:\w+|lru-cache|@upstash\/\w+)$/],
    ['strapi', /^(node:\w+|lru-cache|light-my-request|@strapi\/utils)$/],
    ['middlewares', /^(node:\w+|lru-cache|negotiator|compressible|@strapi\/utils)$/],
  ])('%s stands on nothing else than it may', (layer, allowed) => {
    const more = external.filter(
      (it) => layerOf(it.from) === layer && !it.typeOnly && !allowed.test(it.what),
    );
    expect(more.map(text)).toEqual([]);
  });

  it('know Koa in middlewares, and elsewhere by its types at most', () => {
    const others = external.filter((it) => it.what === 'koa' && !it.typeOnly);
    expect(others.map(text)).toEqual([]);
  });

  it('let core know nothing of Strapi, Koa or Redis, not even by types', () => {
    const known = external.filter((it) => layerOf(it.from) === 'core' && !it.what.startsWith('node:'));
    expect(known.map(text)).toEqual([]);
  });

  it('have no circles of imports that are left after compilation', () => {
    const next = new Map<string, string[]>();
    for (const it of internal.filter(({ typeOnly }) => !typeOnly)) {
      const to = [`${target(it)}.ts`, `${target(it)}/index.ts`].find((file) => files.includes(file));
      if (to) next.set(it.from, [...(next.get(it.from) ?? []), to]);
    }
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file].join(' > '));
      else if (!done.has(file)) {
        for (const to of next.get(file) ?? []) visit(to, [...trail, file]);
        done.add(file);
      }
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});

describe('the files of server/src', () => {
  it('have 250 lines at most', () => {
    const long = files
      .map((file) => ({ file, lines: readFileSync(path.join(SOURCE, file), 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > 250);
    expect(long).toEqual([]);
  });

  it('reach into no private parts of Node, Koa, knex or Strapi', () => {
    const private_ =
      /\b_header\b|\b_finish\b|\b_consuming\b|socket\.push|\._writev?\b|middleware\.splice|requestContext\.(run|get) *=|setPrototypeOf/;
    const places = files.filter((file) => private_.test(readFileSync(path.join(SOURCE, file), 'utf8')));
    expect(places).toEqual([]);
  });

  it('use no any', () => {
    const places: string[] = [];
    for (const file of files) {
      const source = parse(file);
      walk(source, (node) => {
        if (node.kind !== ts.SyntaxKind.AnyKeyword) return;
        places.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
      });
    }
    expect(places).toEqual([]);
  });

  it('use no global strapi, and read the clock in core through an argument', () => {
    const places: string[] = [];
    for (const file of files) {
      const source = readFileSync(path.join(SOURCE, file), 'utf8');
      if (/\b(global|globalThis)\.strapi\b/.test(source)) places.push(`${file}: global strapi`);
      if (
        file.startsWith('core/') &&
        /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bset(Timeout|Interval)\(/.test(source)
      )
        places.push(`${file}: a clock of its own`);
    }
    expect(places).toEqual([]);
  });
});
