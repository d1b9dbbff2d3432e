import { NotSimulated } from '#simulator/not-simulated.js';
import { GraphError, invalidParameter } from './graph-error.js';

export interface SelectedField {
  name: string;
  /** The name in the answer, which `.as(…)` changes. */
  key: string;
  /** Of an edge: `campaigns.limit(1)`. */
  parameters: ReadonlyMap<string, string>;
  inner: SelectedField[];
}

const CLOSING: Record<string, string> = { '(': ')', '[': ']', '{': '}' };

/**
 * Parses `id,name,campaigns.limit(1){id,insights.date_preset(last_7d){spend}}`; null when absent or empty:
 * https://developers.facebook.com/docs/graph-api/guides/field-expansion
 */
export function readFieldList(text: string | null): SelectedField[] | null {
  if (text === null || text.trim() === '') return null;
  const reader = new FieldReader(text);
  const fields = reader.list();
  reader.end();
  return fields;
}

class FieldReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  list(): SelectedField[] {
    const fields: SelectedField[] = [];
    do {
      const field = this.#field();
      if (!fields.some(({ key }) => key === field.key)) fields.push(field);
    } while (this.#accept(','));
    return fields;
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) this.#fail();
  }

  #field(): SelectedField {
    const name = this.#name();
    const parameters = new Map<string, string>();
    while (this.#accept('.')) {
      const modifier = this.#name();
      parameters.set(modifier, this.#argument());
    }
    const key = parameters.get('as') ?? name;
    parameters.delete('as');
    if (!this.#accept('{')) return { name, key, parameters, inner: [] };
    const inner = this.list();
    if (!this.#accept('}')) this.#fail();
    return { name, key, parameters, inner };
  }

  #name(): string {
    this.#skip();
    const name = /[A-Za-z0-9_]+/y;
    name.lastIndex = this.#at;
    const found = name.exec(this.#text)?.[0] ?? this.#fail();
    this.#at += found.length;
    return found;
  }

  /** The text between brackets, with those within. */
  #argument(): string {
    if (!this.#accept('(')) this.#fail();
    const start = this.#at;
    const open = [')'];
    let quote = '';
    for (; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#text[this.#at] as string;
      if (quote) {
        if (char === '\\') this.#at += 1;
        else if (char === quote) quote = '';
      } else if (char === '"' || char === "'") quote = char;
      else if (CLOSING[char]) open.push(CLOSING[char]);
      else if (char === open.at(-1)) {
        open.pop();
        if (open.length === 0) return this.#text.slice(start, this.#at++);
      }
    }
    return this.#fail();
  }

  #accept(symbol: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== symbol) return false;
    this.#at += 1;
    return true;
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #fail(): never {
    throw new GraphError(`Syntax error "Expected name." at character ${this.#at}: ${this.#text.slice(0, 60)}`, {
      code: 2500,
    });
  }
}

export type NodeFields = Record<string, () => unknown>;

/** Edges by name, read with the parameters and fields in the selection. */
export type NodeEdges = Record<string, (selected: SelectedField) => Record<string, unknown>>;

/** Returns a node's id and selected fields; those unset and empty edges are omitted. Throws NotSimulated for others. */
export function printNode(
  type: string,
  fields: NodeFields,
  selected: readonly SelectedField[],
  edges: NodeEdges = {},
): Record<string, unknown> {
  const printed: Record<string, unknown> = {};
  for (const field of selected) {
    const { name, key, parameters, inner } = field;
    if (Object.hasOwn(edges, name)) {
      const page = edges[name]?.(field);
      if (Array.isArray(page?.data) && page.data.length > 0) printed[key] = page;
      continue;
    }
    const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!read) throw new NotSimulated(`the field ${name} of the node type ${type}`);
    if (parameters.size > 0) throw new NotSimulated(`parameters of the field ${name}`);
    const value = read();
    if (value !== undefined) printed[key] = inner.length > 0 ? pick(value, inner, name) : value;
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
  return names.map((name) => ({ name, key: name, parameters: new Map(), inner: [] }));
}

/** Returns selected fields as the text of `fields`. */
export function fieldListText(fields: readonly SelectedField[]): string {
  return fields
    .map(({ name, key, parameters, inner }) => {
      const modifiers = [...parameters].map(([modifier, argument]) => `.${modifier}(${argument})`).join('');
      const alias = key === name ? '' : `.as(${key})`;
      return `${name}${alias}${modifiers}${inner.length > 0 ? `{${fieldListText(inner)}}` : ''}`;
    })
    .join(',');
}
