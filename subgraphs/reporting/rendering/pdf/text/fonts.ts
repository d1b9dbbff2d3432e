import { fileURLToPath } from 'node:url';
import { LRUCache } from 'lru-cache';
import type { Document, EmbeddedFont, FontGlyph } from '#reporting/rendering/pdf/pdfkit.js';
import type { Face, Glyph } from './glyph.js';

export type Weight = 'regular' | 'bold';
export type FontName = 'latin' | 'arabic' | 'hebrew' | 'sc' | 'jp' | 'kr';

// All of them Noto, OFL-1.1, each with its licence in its package.
const files: Record<FontName, [folder: string, family: string, extension: string]> = {
  latin: ['@embedpdf/fonts-latin', 'NotoSans', 'ttf'],
  arabic: ['@embedpdf/fonts-arabic', 'NotoNaskhArabic', 'ttf'],
  hebrew: ['@embedpdf/fonts-hebrew', 'NotoSansHebrew', 'ttf'],
  sc: ['@embedpdf/fonts-sc', 'NotoSansHans', 'otf'],
  jp: ['@embedpdf/fonts-jp', 'NotoSansJP', 'otf'],
  kr: ['@embedpdf/fonts-kr', 'NotoSansKR', 'otf'],
};

// Naskh is small beside the other fonts.
const magnifications: Partial<Record<FontName, number>> = { arabic: 1.15 };

function pathOf(name: FontName, weight: Weight): string {
  const [folder, family, extension] = files[name];
  const style = weight === 'bold' ? 'Bold' : 'Regular';
  return fileURLToPath(new URL(`../fonts/${family}-${style}.${extension}`, import.meta.resolve(folder)));
}

// Letters that join or take marks; others are drawn one by one.
const NEEDS_SHAPING = /\p{M}|\u200d|[\u0590-\u109f\u1100-\u11ff\u200c\u{10000}-\u{10ffff}]/u;

/** A font whose glyphs are embedded as they are used. */
export class FontFace implements Face {
  readonly #font: EmbeddedFont;
  readonly #single = new Map<number, Glyph>();
  readonly #shaped = new LRUCache<string, Glyph[]>({ max: 5_000 });

  constructor(
    font: EmbeddedFont,
    readonly magnification: number,
  ) {
    this.#font = font;
  }

  get name(): string {
    return this.#font.id;
  }

  get reference(): unknown {
    return this.#font.ref();
  }

  has(codePoint: number): boolean {
    return this.#font.font.hasGlyphForCodePoint(codePoint);
  }

  shape(text: string, isRightToLeft: boolean): Glyph[] {
    if (!isRightToLeft && !NEEDS_SHAPING.test(text)) return this.#mapSingly(text);
    const key = `${isRightToLeft ? '<' : '>'}${text}`;
    const known = this.#shaped.get(key);
    if (known) return known;
    const { glyphs, positions } = this.#font.font.layout(
      text,
      undefined,
      undefined,
      undefined,
      isRightToLeft ? 'rtl' : 'ltr',
    );
    const scale = this.#font.scale * this.magnification;
    const shaped = glyphs.map((glyph, index): Glyph => {
      const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[index] ?? {};
      return {
        ...this.#include(glyph),
        advance: xAdvance * scale,
        xOffset: xOffset * scale,
        yOffset: yOffset * scale,
      };
    });
    this.#shaped.set(key, shaped);
    return shaped;
  }

  #mapSingly(text: string): Glyph[] {
    const glyphs: Glyph[] = [];
    for (const character of text) {
      const codePoint = character.codePointAt(0) as number;
      let glyph = this.#single.get(codePoint);
      if (!glyph) {
        glyph = this.#include(this.#font.font.glyphForCodePoint(codePoint));
        this.#single.set(codePoint, glyph);
      }
      glyphs.push(glyph);
    }
    return glyphs;
  }

  #include(glyph: FontGlyph): Glyph {
    const font = this.#font;
    const id = font.subset.includeGlyph(glyph.id);
    font.widths[id] ??= glyph.advanceWidth * font.scale;
    font.unicode[id] ??= textLayerOf(glyph.codePoints);
    const text = String.fromCodePoint(...font.unicode[id]);
    const width = glyph.advanceWidth * font.scale * this.magnification;
    return { code: id.toString(16).padStart(4, '0'), width, advance: width, xOffset: 0, yOffset: 0, text };
  }
}

// Programs that copy text turn right-to-left glyphs around, and with them the letters that one glyph stands for, such as lam-alef.
function textLayerOf(codePoints: number[]): number[] {
  const [first = 0] = codePoints;
  return first >= 0x590 && first <= 0x8ff ? codePoints.toReversed() : codePoints;
}

/** The fonts of a document, each opened when its first letter is drawn. */
export class Fonts {
  readonly #document: Document;
  readonly #faces = new Map<string, FontFace>();

  constructor(document: Document) {
    this.#document = document;
  }

  face(name: FontName, weight: Weight): FontFace {
    const key = `${name}-${weight}`;
    let face = this.#faces.get(key);
    if (!face) {
      this.#document.font(pathOf(name, weight));
      face = new FontFace(this.#document._font, magnifications[name] ?? 1);
      this.#faces.set(key, face);
    }
    return face;
  }
}
