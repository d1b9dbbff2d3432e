/** Of one text in an answer, in characters. */
export const MAX_TEXT_LENGTH = 1_000;

/**
 * Characters that readers do not see, or that change how others are shown: controls except tab and line feed, bidi embeddings,
 * overrides and isolates (UAX #9), invisible operators, variation selectors without a use in text, tags (deprecated by RFC 6082),
 * and lone surrogates. Joiners and direction marks stay, as Arabic, Persian, Hebrew and emoji need them.
 */
const HIDDEN = new RegExp(
  [
    '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]',
    '[\\u00ad\\u061c\\u180b-\\u180f\\u200b\\u2028-\\u202e\\u2060-\\u206f]',
    '[\\ufe00-\\ufe0d\\ufeff\\ufff0-\\ufffb\\u{e0000}-\\u{e0fff}]',
    '\\p{Cs}',
  ].join('|'),
  'gu',
);

const REPLACEMENT = '\ufffd';

/** Returns text with its hidden characters replaced by U+FFFD. */
export function neutralize(text: string): string {
  return text.replace(HIDDEN, REPLACEMENT);
}

/** Returns text for an answer: neutralized, and cut to MAX_TEXT_LENGTH. */
export function shownText(text: string): string {
  const shown = neutralize(text);
  if (shown.length <= MAX_TEXT_LENGTH) return shown;
  const start = shown.slice(0, MAX_TEXT_LENGTH).replace(/\p{Cs}$/u, '');
  return `${start}… (${shown.length - start.length} more characters)`;
}
