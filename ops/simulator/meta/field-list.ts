import { GraphError, invalidParameter } from './graph-error.js';

export interface SelectedField {
  name: string;
  inner: SelectedField[];
}

/** Parses `id,name,business{id,name}`; null when absent or empty. */
export function readFieldList(text: string | null): SelectedField[] | null {
  if (text === null || text.trim() === '') return null;
  const tokens = text.match(/[A-Za-z0-9_.]+|[{},()]|[^\s]/g) ?? [];
  let at = 0;
  const fail = (): never => {
    throw new GraphError(
      `Syntax error "Expected name." at character ${text.indexOf(tokens[at] ?? '')}: ${text.slice(0, 60)}`,
      { code: 2500 },
    );
  };
  const list = (): SelectedField[] => {
    const fields: SelectedField[] = [];
    do {
      const name = tokens[at] ?? fail();
      if (!/^[A-Za-z0-9_.]+$/.test(name)) fail();
      at += 1;
      let inner: SelectedField[] = [];
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

/** Returns a node's id and selected fields. Unset ones are omitted; unknown ones are an error. */
export function printNode(
  type: string,
  fields: NodeFields,
  selected: readonly SelectedField[],
): Record<string, unknown> {
  const printed: Record<string, unknown> = {};
  for (const { name, inner } of selected) {
    const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!read) throw invalidParameter(`Tried accessing nonexisting field (${name}) on node type (${type})`);
    const value = read();
    if (value !== undefined) printed[name] = inner.length > 0 ? pick(value, inner, name) : value;
  }
  printed.id ??= fields.id?.();
  return printed;
}

function pick(value: unknown, inner: readonly SelectedField[], name: string): unknown {
  if (typeof value !== 'object' || value === null)
    throw invalidParameter(`Subfields of field ${name} cannot be selected`);
  const entries = Object.entries(value).filter(([key]) => key === 'id' || inner.some((field) => field.name === key));
  return Object.fromEntries(entries);
}

export function fieldsNamed(...names: string[]): SelectedField[] {
  return names.map((name) => ({ name, inner: [] }));
}
