import type { Document, Reference } from '#reporting/rendering/pdf/pdfkit.js';
import { drawPicture, EMOJI_SIZE, unicodeLine } from './emoji.js';
import type { Face, Glyph } from './glyph.js';

const MAX_GLYPHS = 256;

// An empty frame in the colour of the text.
const FRAME = { width: 24, box: '2.5 -2 19 29 re' };

/** One font of PDF's Type 3: glyphs that are drawings, each standing for a text of any length. */
class PictureFont {
  readonly reference: Reference;
  readonly #document: Document;
  readonly #glyphs: { reference: Reference; width: number; text: string }[] = [];
  readonly #opacities = new Set<number>();

  constructor(document: Document) {
    this.#document = document;
    this.reference = document.ref({ Type: 'Font', Subtype: 'Type3' });
  }

  get isFull(): boolean {
    return this.#glyphs.length === MAX_GLYPHS;
  }

  add(text: string, width: number, operators: string, opacities: Iterable<number>): Glyph {
    const reference = this.#document.ref({});
    reference.end(operators);
    for (const opacity of opacities) this.#opacities.add(opacity);
    const code = this.#glyphs.push({ reference, width, text }) - 1;
    const thousandths = (width / EMOJI_SIZE) * 1_000;
    const hex = code.toString(16).padStart(2, '0');
    return { code: hex, width: thousandths, advance: thousandths, xOffset: 0, yOffset: 0, text };
  }

  end(): void {
    const unicode = this.#document.ref({});
    const lines = this.#glyphs.map(({ text }, code) => unicodeLine(code, text));
    const blocks: string[] = [];
    for (let start = 0; start < lines.length; start += 100) {
      const block = lines.slice(start, start + 100);
      blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
    }
    unicode.end(
      `/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Pictures def\n/CMapType 2 def
1 begincodespacerange\n<00> <ff>\nendcodespacerange\n${blocks.join('\n')}\nendcmap\nend\nend`,
    );
    const states = Array.from(this.#opacities, (percent) => [`o${percent}`, { ca: percent / 100 }]);
    Object.assign(this.reference.data, {
      FontBBox: [0, -EMOJI_SIZE, EMOJI_SIZE, EMOJI_SIZE],
      FontMatrix: [1 / EMOJI_SIZE, 0, 0, 1 / EMOJI_SIZE, 0, 0],
      CharProcs: Object.fromEntries(this.#glyphs.map(({ reference }, code) => [`g${code}`, reference])),
      Encoding: { Type: 'Encoding', Differences: [0, ...this.#glyphs.map((_, code) => `g${code}`)] },
      FirstChar: 0,
      LastChar: this.#glyphs.length - 1,
      Widths: this.#glyphs.map(({ width }) => width),
      Resources: { ExtGState: Object.fromEntries(states) },
      ToUnicode: unicode,
    });
    this.reference.end();
  }
}

/**
 * Draws emoji as pictures, and a frame for what no font has: glyphs of fonts of their own, so that the text layer has the characters
 * themselves.
 */
export class PictureFonts {
  readonly #document: Document;
  readonly #fonts: PictureFont[] = [];
  readonly #faces = new Map<string, Face>();
  readonly #frames = new Set<Face>();
  /** Whether an emoji was drawn. */
  hasEmoji = false;
  /** How many characters were drawn as a frame. */
  missing = 0;

  constructor(document: Document) {
    this.#document = document;
  }

  /** Returns the face that draws one emoji, given the file of its picture. */
  emoji(text: string, file: string): Face {
    this.hasEmoji = true;
    return (
      this.#faces.get(text) ??
      this.#create(text, () => {
        const { operators, opacities } = drawPicture(file);
        return { width: EMOJI_SIZE, operators: `${EMOJI_SIZE} 0 d0 ${operators}`, opacities };
      })
    );
  }

  /** Returns the face that draws a frame for characters no font has. */
  frame(text: string): Face {
    const face =
      this.#faces.get(text) ??
      this.#create(text, () => {
        const { width, box } = FRAME;
        return { width, operators: `${width} 0 0 -2 ${width} 30 d1 2 w ${box} S`, opacities: [] };
      });
    this.#frames.add(face);
    return face;
  }

  /** Counts what a face draws, when it is a frame. */
  count(face: Face): void {
    if (this.#frames.has(face)) this.missing++;
  }

  #create(text: string, draw: () => { width: number; operators: string; opacities: Iterable<number> }): Face {
    let font = this.#fonts.at(-1);
    if (!font || font.isFull) {
      font = new PictureFont(this.#document);
      this.#fonts.push(font);
    }
    const { width, operators, opacities } = draw();
    const glyphs = [font.add(text, width, operators, opacities)];
    const face = { name: `P${this.#fonts.length}`, reference: font.reference, magnification: 1, shape: () => glyphs };
    this.#faces.set(text, face);
    return face;
  }

  end(): void {
    for (const font of this.#fonts) font.end();
  }
}
