import type { AttributeInfo, TypeInfo } from './protocol';
import { randomFilters, randomSort } from './read-conditions';
import { plainAttributes, type Query, type QueryValue, type Source } from './reads';

const MOST_DEPTH = 2;

const populatable = (type: TypeInfo): AttributeInfo[] =>
  type.attributes.filter((it) => ['relation', 'media', 'component', 'dynamiczone'].includes(it.type));

/** `*`, names, or objects with parameters of their own, down to three levels. */
export function randomPopulate(source: Source, type: TypeInfo, depth: number): QueryValue {
  const { random } = source;
  const attributes = populatable(type);
  if (attributes.length === 0) return '*';
  const shape = random.int(0, 9);
  if (shape <= 2) return '*';
  const chosen = random.sample(attributes, random.int(1, depth === 0 ? 3 : 2));
  if (shape <= 4) return chosen.map((it) => it.name);
  return Object.fromEntries(chosen.map((it) => [it.name, parameters(source, it, depth)]));
}

function parameters(source: Source, attribute: AttributeInfo, depth: number): QueryValue {
  const { random } = source;
  if (attribute.type === 'media') return random.chance(0.5) ? true : { fields: ['name', 'alternativeText'] };
  if (attribute.type === 'dynamiczone') return zone(source, attribute);
  if (attribute.type === 'component') {
    const inner = source.typeOf(attribute.component ?? '');
    return inner && depth < MOST_DEPTH && random.chance(0.6)
      ? { populate: randomPopulate(source, inner, depth + 1) }
      : true;
  }
  if (!attribute.target) {
    const fields = { fields: ['title', 'slug'] };
    return random.chance(0.5)
      ? { populate: '*' }
      : {
          on: {
            'api::article.article': fields,
            'api::page.page': random.chance(0.5) ? { populate: '*' } : fields,
          },
        };
  }
  const target = source.typeOf(attribute.target);
  if (!target) return true;
  if (attribute.relation?.endsWith('Many') && random.chance(0.1)) return { count: true };
  const query: Query = {};
  const names = plainAttributes(target).map((it) => it.name);
  if (random.chance(0.4)) query.fields = random.sample(names, random.int(1, 2));
  if (random.chance(0.3)) query.filters = randomFilters(source, target, 1);
  if (random.chance(0.25)) query.sort = randomSort(source, target);
  if (depth < MOST_DEPTH && random.chance(0.4)) query.populate = randomPopulate(source, target, depth + 1);
  return Object.keys(query).length > 0 ? query : true;
}

function zone(source: Source, attribute: AttributeInfo): QueryValue {
  const { random } = source;
  if (random.chance(0.3)) return { populate: '*' };
  const chosen = random.sample(attribute.components ?? [], random.int(1, 3));
  const on: Query = {};
  for (const uid of chosen) {
    const inner = source.typeOf(uid);
    on[uid] = inner && random.chance(0.7) ? { populate: randomPopulate(source, inner, 1) } : true;
  }
  return { on };
}
