import bidiFactory, { type Bidi } from 'bidi-js';
import { findPicture } from './emoji.js';
import type { FontFace, FontName, Fonts, Weight } from './fonts.js';
import type { Face } from './glyph.js';
import type { PictureFonts } from './picture-font.js';

// Its types describe the default export of an ES module, its package has one of CommonJS.
const bidi = (bidiFactory as unknown as { default(): Bidi } & (() => Bidi))();

/** Which way a text runs; `auto` = as its first letter does. */
export type Base = 'ltr' | 'rtl' | 'auto';

/** A text with a face and a bidi level for each of its UTF-16 units; null = not drawn. */
export interface Itemized {
  text: string;
  faces: (Face | null)[];
  levels: Uint8Array;
  /** The level of the paragraph. */
  base: number;
}

// Never drawn: joiners, marks of direction, selectors of variants.
const INVISIBLE = /^\p{Default_Ignorable_Code_Point}+$/u;
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\d#*]\ufe0f?\u20e3|\p{Emoji}\p{Emoji_Modifier}/u;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

const KANA = /[\u3040-\u30ff]/;
const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]/;
const scripts: [RegExp, FontName][] = [
  [/\p{Script=Arabic}/u, 'arabic'],
  [/\p{Script=Hebrew}/u, 'hebrew'],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'jp'],
  [/\p{Script=Hangul}/u, 'kr'],
];

const order: FontName[] = ['latin', 'sc', 'jp', 'kr', 'arabic', 'hebrew'];

/** Chinese characters are written differently in China, Japan and Korea: the other letters of the text say where. */
function fontsOf(grapheme: string, text: string): FontName[] {
  const script = scripts.find(([letters]) => letters.test(grapheme))?.[1];
  if (script) return [script, ...order];
  if (!/[\u2e80-\uffff]/.test(grapheme)) return order;
  return [KANA.test(text) ? 'jp' : HANGUL.test(text) ? 'kr' : 'sc', ...order];
}

/** Decides by which font each character of a text is drawn, and in which direction (UAX #9). */
export class Itemizer {
  readonly #fonts: Fonts;
  readonly #pictures: PictureFonts;

  constructor(fonts: Fonts, pictures: PictureFonts) {
    this.#fonts = fonts;
    this.#pictures = pictures;
  }

  itemize(text: string, weight: Weight, base: Base): Itemized {
    const { levels, paragraphs } = bidi.getEmbeddingLevels(text, base);
    const faces: (Face | null)[] = new Array(text.length);
    let previous: FontFace | null = null;
    for (const { segment, index } of graphemes.segment(text)) {
      const face = this.#faceOf(segment, text, weight, previous);
      faces.fill(face, index, index + segment.length);
      if (face && 'has' in face) previous = face as FontFace;
      // A picture is one glyph however many characters it stands for.
      else if (face) levels.fill(levels[index] ?? 0, index, index + segment.length);
    }
    return { text, faces, levels, base: paragraphs[0]?.level ?? 0 };
  }

  #faceOf(grapheme: string, text: string, weight: Weight, previous: FontFace | null): Face | null {
    if (INVISIBLE.test(grapheme)) return null;
    const picture = EMOJI.test(grapheme) ? findPicture(grapheme) : null;
    if (picture) return this.#pictures.emoji(grapheme, picture);
    const drawn = Array.from(grapheme).filter((character) => !INVISIBLE.test(character));
    const hasAll = (face: FontFace) => drawn.every((character) => face.has(character.codePointAt(0) as number));
    // Spaces and marks between words stay with the words before them.
    if (previous && /^[\s\p{P}]+$/u.test(grapheme) && hasAll(previous)) return previous;
    for (const name of fontsOf(grapheme, text)) {
      const face = this.#fonts.face(name, weight);
      if (hasAll(face)) return face;
    }
    const lonely = findPicture(grapheme);
    return lonely ? this.#pictures.emoji(grapheme, lonely) : this.#pictures.frame(grapheme);
  }
}

/** A part of a text that is drawn with one face in one direction. */
export interface Run {
  text: string;
  face: Face;
  level: number;
  /** What it stands for, where its glyphs say something else: a bracket that is drawn mirrored, letters in another order. */
  actual?: string;
}

/** Returns the parts of a range of a text in the order they are read. */
export function runsOf({ text, faces, levels }: Itemized, start: number, end: number): Run[] {
  const runs: Run[] = [];
  let from = start;
  for (let index = start + 1; index <= end; index++) {
    if (index < end && faces[index] === faces[from] && levels[index] === levels[from]) continue;
    const face = faces[from];
    const level = levels[from] ?? 0;
    if (face) {
      const part = text.slice(from, index);
      if (level % 2 === 1) runs.push(...mirrored({ text: part, face, level }));
      else runs.push({ text: part, face, level });
    }
    from = index;
  }
  return runs;
}

/** Brackets of what runs from right to left are drawn mirrored, each as a part of its own. */
function mirrored({ text, face, level }: Run): Run[] {
  const runs: Run[] = [];
  let plain = '';
  for (const character of text) {
    const mirror = bidi.getMirroredCharacter(character);
    if (mirror === null) {
      plain += character;
      continue;
    }
    if (plain !== '') runs.push({ text: plain, face, level });
    plain = '';
    runs.push({ text: mirror, face, level, actual: character });
  }
  if (plain !== '') runs.push({ text: plain, face, level });
  return runs;
}

/** Returns the parts in the order they are drawn, from left to right (rule L2 of UAX #9). */
export function inVisualOrder<Part extends { level: number }>(parts: Part[]): Part[] {
  const ordered = [...parts];
  const highest = Math.max(0, ...parts.map(({ level }) => level));
  for (let level = highest; level >= 1; level--) {
    for (let start = 0; start < ordered.length; start++) {
      if ((ordered[start]?.level ?? 0) < level) continue;
      let end = start;
      while ((ordered[end]?.level ?? 0) >= level) end++;
      ordered.splice(start, end - start, ...ordered.slice(start, end).reverse());
      start = end;
    }
  }
  return ordered;
}
