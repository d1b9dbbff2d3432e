import { NotSimulated } from './not-simulated.js';

/** What of RE2's syntax JavaScript reads differently or not at all. */
const BEYOND = /\(\?|\\[pPACzQ]|\[\[:/;

/**
 * Returns a regular expression in RE2's syntax (flags in front, groups named with a P:
 * https://github.com/google/re2/wiki/Syntax) for JavaScript; undefined when it is invalid. `whole` = for the whole text.
 */
export function readRe2(text: string, { whole, flags = '' }: { whole: boolean; flags?: string }): RegExp | undefined {
  const [, letters = '', rest = ''] = /^(?:\(\?([a-zA-Z]+)\))?(.*)$/s.exec(text) ?? [];
  if (/[^ims]/.test(letters)) throw new NotSimulated(`the flags of the regular expression '${text}'`);
  const source = rest.replaceAll('(?P<', '(?<');
  try {
    return new RegExp(whole ? `^(?:${source})$` : source, [...new Set(flags + letters)].join(''));
  } catch {
    if (BEYOND.test(source)) throw new NotSimulated(`the regular expression '${text}'`);
    return undefined;
  }
}
