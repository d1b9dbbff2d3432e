import type { WantedField } from './field-list.js';
import { invalidParameter } from './graph-error.js';

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
