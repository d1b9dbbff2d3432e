import PDFDocument from 'pdfkit';

/** A PDF object that is written once, when it ends. */
export interface Reference {
  id: number;
  data: Record<string, unknown>;
  write(chunk: string | Uint8Array): void;
  end(chunk?: string | Uint8Array): void;
}

/** A font of pdfkit, embedded as the subset of its glyphs that were used. */
export interface EmbeddedFont {
  id: string;
  scale: number;
  ascender: number;
  descender: number;
  widths: number[];
  unicode: number[][];
  subset: { includeGlyph(id: number): number };
  font: {
    hasGlyphForCodePoint(codePoint: number): boolean;
    glyphForCodePoint(codePoint: number): FontGlyph;
    layout(text: string, features?: string[], script?: string, language?: string, direction?: 'ltr' | 'rtl'): GlyphRun;
  };
  ref(): Reference;
}

export interface FontGlyph {
  id: number;
  advanceWidth: number;
  codePoints: number[];
}

interface GlyphRun {
  glyphs: FontGlyph[];
  positions: { xAdvance: number; xOffset: number; yOffset: number }[];
}

/** What is used of a pdfkit document beyond its typed interface: its parts that write content, fonts and objects directly. */
export type Document = Omit<PDFKit.PDFDocument, 'page' | 'ref'> & {
  _root: Reference;
  _font: EmbeddedFont;
  ref(data?: unknown): Reference;
  endMetadata(): void;
  page: {
    dictionary: Reference;
    fonts: Record<string, unknown>;
    xobjects: Record<string, unknown>;
    write(chunk: string): void;
  };
};

/** Receives the commands of an SVG path. */
export interface PathSink {
  moveTo(x: number, y: number): unknown;
  lineTo(x: number, y: number): unknown;
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): unknown;
  quadraticCurveTo(x1: number, y1: number, x: number, y: number): unknown;
  closePath(): unknown;
}

/** Gives the commands of an SVG path, made absolute and without arcs, to a sink. */
export function readPath(path: string, sink: PathSink): void {
  (PDFDocument.prototype as unknown as { path(this: PathSink, path: string): void }).path.call(sink, path);
}

/** A reference by number, for objects that are written already and need no memory. */
export class WrittenReference {
  readonly [Symbol.toStringTag] = 'Reference';
  readonly #id: number;

  constructor(id: number) {
    this.#id = id;
  }

  toString(): string {
    return `${this.#id} 0 R`;
  }
}
