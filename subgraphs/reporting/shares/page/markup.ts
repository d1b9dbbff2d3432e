import { escape as escapeHtml } from 'es-toolkit/string';

/** A piece of HTML or SVG, as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Embeddings and overrides, which no text needs: one without its end would reorder what follows. */
const OVERRIDES = /[\u202a-\u202e]/g;

type Inserted = Markup | string | number | null | false | readonly Inserted[];

function insert(value: Inserted): string {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return (value as readonly Inserted[]).map(insert).join('');
  return value === null || value === false ? '' : escapeHtml(String(value).replace(OVERRIDES, ''));
}

/** Returns markup in which what is inserted is escaped, for text and quoted attributes, unless it is markup; nothing of null. */
export function markup(parts: TemplateStringsArray, ...values: Inserted[]): Markup {
  return new Markup(
    parts.map((part, index) => part + (index < values.length ? insert(values[index] ?? null) : '')).join(''),
  );
}

/** Marks, embeddings, overrides and isolates: in a name they could change what it looks like. */
const DIRECTIONAL_CONTROLS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;
const MAX_CHARACTERS = 200;

/** Returns a text as the page shows it: its first 200 characters, without directional controls. */
export function shorten(text: string): string {
  const bare = text.replace(DIRECTIONAL_CONTROLS, '');
  if (bare.length <= MAX_CHARACTERS) return bare;
  const characters = [...bare.slice(0, MAX_CHARACTERS * 2)];
  return characters.length > MAX_CHARACTERS ? `${characters.slice(0, MAX_CHARACTERS).join('')}…` : bare;
}

/** Returns a name in an element of its own, so that its direction reorders nothing around it. */
export const named = (text: string): Markup => markup`<bdi>${shorten(text)}</bdi>`;
