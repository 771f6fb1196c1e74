import type { AttributeInfo, TypeInfo } from './protocol';
import { plainAttributes, type Query, type QueryValue, type Source } from './reads';

const WORDS = ['tide', 'table', 'harbour', 'market', 'lunch', 'bread', 'salt', 'lemon', 'a', 'e'];

function condition({ random }: Source, attribute: AttributeInfo): QueryValue {
  if (attribute.type === 'boolean') return { $eq: random.chance(0.5) };
  if (attribute.type === 'integer') {
    const [low, high] = [random.int(1, 3), random.int(3, 5)];
    return random.pick<Query>([
      { $eq: low },
      { $ne: high },
      { $gte: high },
      { $lt: high },
      { $in: [low, high] },
      { $notIn: [low] },
      { $between: [low, high] },
    ]);
  }
  if (attribute.type === 'enumeration') return { $in: random.sample(attribute.enum ?? [], 2) };
  if (attribute.type === 'date') return { $gt: `2025-0${random.int(1, 9)}-01` };
  const word = random.pick(WORDS);
  return random.pick<Query>([
    { $containsi: word },
    { $contains: word },
    { $startsWithi: word },
    { $notContains: word },
    { $null: random.chance(0.2) },
    { $notNull: true },
    { $not: { $containsi: word } },
  ]);
}

const relationsOf = (source: Source, type: TypeInfo): AttributeInfo[] =>
  type.attributes.filter(
    (it) => it.type === 'relation' && it.target && source.typeOf(it.target) && it.name !== 'comments',
  );

function one(source: Source, type: TypeInfo, depth: number): Query {
  const { random } = source;
  const relations = relationsOf(source, type);
  if (depth < 2 && relations.length > 0 && random.chance(depth === 0 ? 0.4 : 0.25)) {
    const relation = random.pick(relations);
    const target = source.typeOf(relation.target ?? '') as TypeInfo;
    const rows = source.catalog.rows[target.uid] ?? [];
    if (rows.length > 0 && random.chance(0.3))
      return { [relation.name]: { documentId: { $eq: random.pick(rows).documentId } } };
    if (random.chance(0.1)) return { [relation.name]: { documentId: { $null: random.chance(0.5) } } };
    return { [relation.name]: one(source, target, depth + 1) };
  }
  const components = type.attributes.filter((it) => it.type === 'component' && it.component);
  if (depth === 0 && components.length > 0 && random.chance(0.1)) {
    const chosen = random.pick(components);
    const inner = source.typeOf(chosen.component ?? '');
    if (inner) return { [chosen.name]: one(source, { ...inner, attributes: plainAttributes(inner) }, 2) };
  }
  const attribute = random.pick(plainAttributes(type));
  return { [attribute.name]: condition(source, attribute) };
}

export function randomFilters(source: Source, type: TypeInfo, depth: number): Query {
  const { random } = source;
  const shape = random.int(0, 9);
  if (shape === 0) return { $or: [one(source, type, depth), one(source, type, depth)] };
  if (shape === 1) return { $and: [one(source, type, depth), one(source, type, depth)] };
  if (shape === 2) return { $not: one(source, type, depth) };
  return one(source, type, depth);
}

export function randomSort(source: Source, type: TypeInfo): QueryValue {
  const { random } = source;
  const direction = random.pick(['asc', 'desc']);
  const toOne = relationsOf(source, type).filter((it) => it.relation?.endsWith('One'));
  if (toOne.length > 0 && random.chance(0.3)) {
    const relation = random.pick(toOne);
    const target = source.typeOf(relation.target ?? '');
    const names = target ? plainAttributes(target).map((it) => it.name) : [];
    if (names.length > 0) return [`${relation.name}.${random.pick(names)}:${direction}`, 'id:asc'];
  }
  return [`${random.pick(plainAttributes(type)).name}:${direction}`, 'id:asc'];
}
