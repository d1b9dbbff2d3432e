import type { Language } from '#reporting/dataset/dataset.js';

/** Which way a text runs, as in HTML. */
export type Direction = 'ltr' | 'rtl';

/** Returns which way texts of a language run. */
export function directionOf(language: Language): Direction {
  return language === 'ar' ? 'rtl' : 'ltr';
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
// Also digits and signs: after an Arabic letter, `2026-10-01` would be drawn backwards.
const NOT_ARABIC = /[^\p{Script=Arabic}\s]/u;
/** Embeddings, overrides and isolates: one without its end would reorder what follows. */
const DIRECTIONAL_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;

const FIRST_STRONG_ISOLATE = '\u2068';
const LEFT_TO_RIGHT_ISOLATE = '\u2066';
const POP_ISOLATE = '\u2069';

/**
 * Returns a name as it stands in a plain text of this direction: in a first-strong isolate (UAX #9) where its letters could reorder
 * others, without directional controls of its own.
 */
export function isolate(name: string, direction: Direction): string {
  const bare = name.replace(DIRECTIONAL_CONTROLS, '');
  const isMixed = (direction === 'ltr' ? RIGHT_TO_LEFT : NOT_ARABIC).test(bare);
  return isMixed ? `${FIRST_STRONG_ISOLATE}${bare}${POP_ISOLATE}` : bare;
}

/** Returns a formatted number, with its sign and unit, as it stands in a plain text of this direction: in a left-to-right isolate. */
export function isolateNumber(text: string, direction: Direction): string {
  return direction === 'ltr' ? text : `${LEFT_TO_RIGHT_ISOLATE}${text}${POP_ISOLATE}`;
}
