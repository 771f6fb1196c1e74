import { distance } from 'fastest-levenshtein';
import { z } from 'zod';

/** Sections and names under which a credential may stand, in the right place or in a wrong one. */
const SECRET_SECTIONS = new Set(['upstash', 'redis', 'webhooks']);
const SECRET_NAME = /^(token|password|secret|url)$/i;

/** One line per mistake: where, what came, what is allowed. Values of secret options are not repeated. */
export function explainIssues(
  schema: z.ZodType,
  input: unknown,
  issues: readonly z.core.$ZodIssue[],
): string {
  return issues
    .flatMap((issue) => {
      const path = issue.path.map(String);
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map(
          (key) => `  ${join([...path, key])}: ${unknownOption(key, optionNames(schema, path))}`,
        );
      }
      return [`  ${join(path)}: got ${show(valueAt(input, issue.path), path)}; allowed: ${issue.message}`];
    })
    .join('\n');
}

function unknownOption(key: string, names: string[]): string {
  const near = names
    .map((name) => ({ name, off: distance(key.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.off - b.off)[0];
  const hint = near && near.off <= Math.max(2, near.name.length / 3) ? `; did you mean "${near.name}"?` : '';
  return `unknown option${hint}; allowed: ${names.join(', ')}`;
}

/** The option names that a schema knows at a path. */
function optionNames(schema: z.ZodType, path: readonly string[]): string[] {
  let here: unknown = schema;
  for (const step of [...path, null]) {
    here = unwrap(here);
    if (step === null) break;
    if (here instanceof z.ZodArray) here = here.element;
    else if (here instanceof z.ZodObject) here = (here.shape as Record<string, unknown>)[step];
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

function unwrap(schema: unknown): unknown {
  let here = schema;
  while (here instanceof z.ZodDefault || here instanceof z.ZodOptional || here instanceof z.ZodPrefault)
    here = here.unwrap();
  return here;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let here = input;
  for (const step of path)
    here = here === null || here === undefined ? undefined : Reflect.get(Object(here), step);
  return here;
}

function show(value: unknown, path: readonly string[]): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  const name = path.at(-1) ?? '';
  if (path.length === 0 || path.some((step) => SECRET_SECTIONS.has(step)) || SECRET_NAME.test(name))
    return `${typeof value === 'string' ? 'text' : kindOf(value)} (not shown)`;
  const text = JSON.stringify(value) ?? String(value);
  return `${text.length > 80 ? `${text.slice(0, 77)}...` : text} (${kindOf(value)})`;
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : typeof value);

const join = (path: readonly string[]): string =>
  path.reduce(
    (text, step) => (/^\d+$/.test(step) ? `${text}[${step}]` : text ? `${text}.${step}` : step),
    '',
  ) || 'config';
