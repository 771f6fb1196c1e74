import type { AttributeInfo } from '../protocol';
import { Skipped, type Data, type World } from './world';

const WORDS = ['tide', 'table', 'harbour', 'market', 'lunch', 'bread', 'salt', 'lemon'];
const FILES = 'plugin::upload.file';

/** How relation values name rows: documents are named by documentId, the query engine knows numeric ids. */
export type Naming = 'documentId' | 'id';

const words = (world: World): string => world.random.sample(WORDS, world.random.int(1, 3)).join(' ');
export const uniqueText = (world: World): string => `${words(world)} ${world.random.int(1, 1e6)}`;

/** A value for a plain attribute, drawn from few so that filters match and cease to match. */
function scalar(world: World, attribute: AttributeInfo): unknown {
  const { random } = world;
  if (attribute.name === 'slug' || attribute.name === 'name') return uniqueText(world).replaceAll(' ', '-');
  switch (attribute.type) {
    case 'integer':
      return random.int(1, 5);
    case 'boolean':
      return random.chance(0.5);
    case 'date':
      return `2025-0${random.int(1, 9)}-1${random.int(0, 9)}`;
    case 'enumeration':
      return random.pick(attribute.enum ?? []);
    case 'email':
      return `${random.pick(WORDS)}@example.com`;
    default:
      return words(world);
  }
}

async function related(world: World, uid: string, count: number, naming: Naming): Promise<unknown[]> {
  return naming === 'id' ? world.ids(uid, count) : world.documentIds(uid, count);
}

/** One of the notations of relation data, for one or many rows. */
export async function relationValue(
  world: World,
  attribute: AttributeInfo,
  naming: Naming,
): Promise<unknown> {
  const { random } = world;
  const target = attribute.target;
  if (!target) {
    const uid = random.pick(['api::article.article', 'api::page.page']);
    return { __type: uid, id: (await world.row(uid)).id };
  }
  const many = attribute.relation?.endsWith('Many') === true;
  const named = (value: unknown): Data => ({ [naming]: value });
  const list = await related(world, target, many ? random.int(1, 3) : 1, naming);
  const first = list[0] ?? null;
  const shape = random.int(0, 9);
  if (shape === 0) return { connect: [], disconnect: [] };
  if (shape === 1) return many ? [] : null;
  if (shape === 2) return { set: list.map(named) };
  if (shape === 3) return { disconnect: list.map(named) };
  if (shape <= 6) {
    const at = random.pick([{ start: true }, { end: true }, undefined]);
    return { connect: list.map((value) => ({ ...named(value), ...(at && many && { position: at }) })) };
  }
  return many ? list : first;
}

async function component(world: World, uid: string, naming: Naming, depth: number): Promise<Data> {
  const data: Data = {};
  for (const attribute of world.type(uid).attributes) {
    const needed = ['heading', 'content', 'text', 'label', 'url'].includes(attribute.name);
    if (needed || world.random.chance(0.6))
      data[attribute.name] = await valueOf(world, attribute, naming, depth);
  }
  return data;
}

export async function valueOf(
  world: World,
  attribute: AttributeInfo,
  naming: Naming,
  depth = 0,
): Promise<unknown> {
  const { random } = world;
  if (attribute.type === 'relation')
    return depth > 0
      ? ((await related(world, attribute.target ?? '', 1, naming))[0] ?? null)
      : relationValue(world, attribute, naming);
  if (attribute.type === 'media') {
    const files = await world.ids(FILES, random.int(0, 3));
    const many = (attribute as AttributeInfo & { multiple?: boolean }).multiple === true;
    return many ? files : (files[0] ?? null);
  }
  if (attribute.type === 'component' && attribute.component) {
    const { component: uid } = attribute;
    if (!attribute.repeatable) return random.chance(0.15) ? null : component(world, uid, naming, depth + 1);
    const count = random.int(0, 3);
    return Promise.all(Array.from({ length: count }, () => component(world, uid, naming, depth + 1)));
  }
  if (attribute.type === 'dynamiczone') {
    const zone: Data[] = [];
    for (const uid of random.sample(attribute.components ?? [], random.int(0, 4)))
      zone.push({ __component: uid, ...(await component(world, uid, naming, depth + 1)) });
    return zone;
  }
  return scalar(world, attribute);
}

/** Data for an update: one to three attributes of a type, or all of a kind. */
export async function someData(world: World, uid: string, naming: Naming): Promise<Data> {
  const attributes = world.type(uid).attributes.filter((it) => it.name !== 'comments');
  const { random } = world;
  const relations = attributes.filter((it) => it.type === 'relation' || it.type === 'media');
  const plain = attributes.filter((it) => it.type !== 'relation');
  const pool = random.chance(0.4) && relations.length > 0 ? relations : plain;
  const data: Data = {};
  for (const attribute of random.sample(
    pool,
    random.weighted([
      [5, 1],
      [3, 2],
      [1, 3],
    ]),
  ))
    data[attribute.name] = await valueOf(world, attribute, naming);
  if (Object.keys(data).length === 0) throw new Skipped('nothing to write');
  return data;
}

/** Data for a new row. */
export async function newData(world: World, uid: string, naming: Naming): Promise<Data> {
  const data: Data = {};
  for (const attribute of world.type(uid).attributes) {
    if (attribute.name === 'comments') continue;
    const plain = !['relation', 'media', 'component', 'dynamiczone'].includes(attribute.type);
    if (plain || world.random.chance(0.5)) data[attribute.name] = await valueOf(world, attribute, naming);
  }
  return data;
}
