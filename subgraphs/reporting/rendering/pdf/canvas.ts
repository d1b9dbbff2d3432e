/** Where operators of PDF content go: a page, or a form that is drawn on pages. The origin is at the top left, y grows downwards. */
export interface Canvas {
  write(operators: string): void;
  /** Makes a resource of this name usable in the content. */
  use(kind: 'Font' | 'XObject', name: string, reference: unknown): void;
  /** Takes note of what was drawn as text, glyph by glyph, without spaces. */
  spell?(text: string): void;
}

/** Returns a number as PDF writes it. */
export const number = (value: number): string => String(Math.round(value * 1_000) / 1_000);

const channels = (color: string): string =>
  [1, 3, 5].map((start) => number(Number.parseInt(color.slice(start, start + 2), 16) / 255)).join(' ');

/** Returns the operator that sets the colour of areas and text, given as `#rrggbb`. */
export const fillColor = (color: string): string => `${channels(color)} rg`;

/** Returns the operator that sets the colour of lines, given as `#rrggbb`. */
export const strokeColor = (color: string): string => `${channels(color)} RG`;

/** Returns the operators of a filled rectangle. */
export const rectangle = (x: number, y: number, width: number, height: number, color: string): string =>
  `${fillColor(color)} ${number(x)} ${number(y)} ${number(width)} ${number(height)} re f`;

/** Returns the operators of a straight line. */
export const line = (x1: number, y1: number, x2: number, y2: number, color: string, width: number): string =>
  `${strokeColor(color)} ${number(width)} w ${number(x1)} ${number(y1)} m ${number(x2)} ${number(y2)} l S`;

/** Returns text as a PDF string in UTF-16, hexadecimal. */
export function hexString(text: string): string {
  let hex = 'feff';
  for (let index = 0; index < text.length; index++) hex += text.charCodeAt(index).toString(16).padStart(4, '0');
  return `<${hex}>`;
}

/** Returns the operator before content that is to be copied and heard as another text; EMC is after it. */
export const spanOf = (text: string): string => `/Span <</ActualText ${hexString(text)}>> BDC`;
