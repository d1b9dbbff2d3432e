import { GraphError, invalidParameter } from './graph-error.js';

export interface WantedField {
  name: string;
  /** What stands in braces behind the name. */
  inner: WantedField[];
}

/** Reads `id,name,business{id,name}`; an absent or empty list is null. */
export function readFieldList(text: string | null): WantedField[] | null {
  if (text === null || text.trim() === '') return null;
  const tokens = text.match(/[A-Za-z0-9_.]+|[{},()]|[^\s]/g) ?? [];
  let at = 0;
  const fail = (): never => {
    throw new GraphError(
      `Syntax error "Expected name." at character ${text.indexOf(tokens[at] ?? '')}: ${text.slice(0, 60)}`,
      { code: 2500 },
    );
  };
  const list = (): WantedField[] => {
    const fields: WantedField[] = [];
    do {
      const name = tokens[at] ?? fail();
      if (!/^[A-Za-z0-9_.]+$/.test(name)) fail();
      at += 1;
      let inner: WantedField[] = [];
      if (tokens[at] === '{') {
        at += 1;
        inner = list();
        if (tokens[at] !== '}') fail();
        at += 1;
      }
      if (!fields.some((field) => field.name === name)) fields.push({ name, inner });
    } while (tokens[at] === ',' && ++at);
    return fields;
  };
  const fields = list();
  if (at < tokens.length) fail();
  return fields;
}

export type NodeFields = Record<string, () => unknown>;

/** Returns the wanted fields of a node, always with its id. A field that is not set is left out; one that does not exist is an error. */
export function printNode(type: string, fields: NodeFields, wanted: readonly WantedField[]): Record<string, unknown> {
  const printed: Record<string, unknown> = {};
  for (const { name, inner } of wanted) {
    const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!read) throw invalidParameter(`Tried accessing nonexisting field (${name}) on node type (${type})`);
    const value = read();
    if (value !== undefined) printed[name] = inner.length > 0 ? pick(value, inner, name) : value;
  }
  printed.id ??= fields.id?.();
  return printed;
}

function pick(value: unknown, inner: readonly WantedField[], name: string): unknown {
  if (typeof value !== 'object' || value === null)
    throw invalidParameter(`Subfields of field ${name} cannot be selected`);
  const entries = Object.entries(value).filter(([key]) => key === 'id' || inner.some((field) => field.name === key));
  return Object.fromEntries(entries);
}

/** Returns a list of plain names as a field list. */
export function fieldsNamed(...names: string[]): WantedField[] {
  return names.map((name) => ({ name, inner: [] }));
}
