import { invalidRequest } from './stripe-error.js';

/** A value of a form as it was sent: text, or names and values; of arrays, names are numbers. */
export type Raw = string | RawFields;
export interface RawFields {
  [name: string]: Raw;
}

const MAX_DEPTH = 12;

/**
 * Reads `a[b][0][c]=v` and `a[]=v`. Throws 400 for names that are not well-formed or that contradict each other, such as
 * `a=1&a[b]=2`.
 */
export function readForm(form: URLSearchParams): RawFields {
  const root: RawFields = Object.create(null);
  for (const [name, value] of form) {
    const [first, ...rest] = partsOf(name);
    let fields = root;
    let part = first as string;
    for (const next of rest) {
      const inner = fields[part] ?? Object.create(null);
      if (typeof inner === 'string') throw invalidRequest(`Invalid request: ${name} is both a value and an object.`);
      fields[part] = inner;
      fields = inner;
      part = next === '' ? String(Object.keys(fields).length) : next;
    }
    if (typeof fields[part] === 'object')
      throw invalidRequest(`Invalid request: ${name} is both a value and an object.`);
    fields[part] = value;
  }
  return root;
}

/** Reads JSON as the same fields: numbers and booleans as text. Throws 400 for anything but an object. */
export function readJson(body: string): RawFields {
  const fields = rawOf(parse(body));
  if (typeof fields !== 'object') throw invalidRequest('The body of the request is no JSON object.');
  return fields;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function rawOf(value: unknown): Raw {
  if (value === null || typeof value !== 'object') return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, rawOf(inner)]));
}

function partsOf(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (!match) throw invalidRequest(`Invalid parameter name: ${name.slice(0, 200)}`);
  const parts = [
    match[1] as string,
    ...[...(match[2] as string).matchAll(/\[([^[\]]*)\]/g)].map((part) => part[1] ?? ''),
  ];
  if (parts.length > MAX_DEPTH) throw invalidRequest('Invalid request: parameters are nested too deeply.');
  return parts;
}
