/** A glyph as it is drawn: lengths in thousandths of the size of the font. */
export interface Glyph {
  /** Its code in the font, hexadecimal. */
  code: string;
  /** What the font declares as its width. */
  width: number;
  advance: number;
  xOffset: number;
  yOffset: number;
  /** What it stands for in the text layer of the file. */
  text: string;
}

/** Draws glyphs of one font. */
export interface Face {
  /** The name of the font in the resources of pages. */
  readonly name: string;
  readonly reference: unknown;
  /** How much larger than asked for it is drawn; lengths of its glyphs include that. */
  readonly magnification: number;
  /** Returns the glyphs of a text in the order in which they are drawn, from left to right. */
  shape(text: string, isRightToLeft: boolean): Glyph[];
}
