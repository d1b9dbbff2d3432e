import { once } from 'es-toolkit/function';

// Names and numbers of countries are those of the Unicode CLDR, which Node.js has.

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Areas that have a code like a country. */
const NOT_COUNTRIES = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);

/** Names that other sources use. */
const OTHER_NAMES: Record<string, string> = {
  burma: 'MM',
  'cape verde': 'CV',
  'czech republic': 'CZ',
  'hong kong sar': 'HK',
  'ivory coast': 'CI',
  macao: 'MO',
  'macao sar': 'MO',
  macau: 'MO',
  macedonia: 'MK',
  swaziland: 'SZ',
  turkey: 'TR',
};

/** Whatever the case, accents, and how "and" and "saint" are written. */
const normalized = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll('&', 'and')
    .replace(/\bst\.? /, 'saint ')
    .trim();

const regionOf = (code: string): string | undefined => new Intl.Locale(`und-${code}`).region;

const codesByName = once((): ReadonlyMap<string, string> => {
  const names = new Map<string, string>(Object.entries(OTHER_NAMES));
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => `${first}${second}`));
  for (const style of ['short', 'long'] as const) {
    const display = new Intl.DisplayNames('en', { type: 'region', style });
    for (const code of codes) {
      const name = display.of(code);
      // Former codes stand for others.
      if (name && name !== code && regionOf(code) === code && !NOT_COUNTRIES.has(code))
        names.set(normalized(name), code);
    }
  }
  return names;
});

/** Returns the ISO 3166-1 alpha-2 code of a country by its English name; null for what is none. */
export const countryOfName = (name: string): string | null => codesByName().get(normalized(name)) ?? null;

/** Returns the alpha-2 code of a country by its ISO 3166-1 number; null for what is none. */
export function countryOfNumber(number: string): string | null {
  if (!/^\d{3}$/.test(number)) return null;
  const region = regionOf(number);
  return region && /^[A-Z]{2}$/.test(region) && !NOT_COUNTRIES.has(region) ? region : null;
}
