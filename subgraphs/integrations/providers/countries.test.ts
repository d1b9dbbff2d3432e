import { describe, expect, it } from '@jest/globals';
import { alpha3Of, countryOfAlpha3, countryOfName, countryOfNumber } from './countries.js';

describe('a country', () => {
  it.each([
    ['840', 'US'],
    ['276', 'DE'],
    ['158', 'TW'],
    ['688', 'RS'],
    ['001', null],
    ['999', null],
    ['84', null],
  ])('is found by the number %s', (number, code) => {
    expect(countryOfNumber(number)).toBe(code);
  });

  it.each([
    ['United States', 'US'],
    ['united kingdom', 'GB'],
    ['South Korea', 'KR'],
    ['Czechia', 'CZ'],
    ['Czech Republic', 'CZ'],
    ['Türkiye', 'TR'],
    ['Hong Kong SAR', 'HK'],
    ['Trinidad and Tobago', 'TT'],
    ['Saint Lucia', 'LC'],
    ["Cote d'Ivoire", 'CI'],
    ['European Union', null],
    ['Bailiwick of Guernsey', null],
  ])('is found by the name %s', (name, code) => {
    expect(countryOfName(name)).toBe(code);
  });

  it.each([
    ['usa', 'US'],
    ['DEU', 'DE'],
    ['xkk', 'XK'],
    ['zzz', null],
    ['US', null],
  ])('is found by the alpha-3 code %s', (three, two) => {
    expect(countryOfAlpha3(three)).toBe(two);
    if (two) expect(alpha3Of(two.toLowerCase())).toBe(three.toUpperCase());
  });

  it('has an alpha-3 code of its own, whichever the number or name', () => {
    const numbered = Array.from({ length: 1000 }, (_, number) => countryOfNumber(String(number).padStart(3, '0')));
    // Codes for private use are no country's, but for Kosovo's.
    const isPrivate = /^(AA|Q[M-Z]|X[A-JL-Z]|ZZ)$/;
    const countries = [...new Set(numbered)].flatMap((code) => (code && !isPrivate.test(code) ? [code] : []));
    expect(countries.length).toBeGreaterThan(240);
    expect(countries.filter((code) => countryOfAlpha3(alpha3Of(code) ?? '') !== code)).toEqual([]);
    expect(alpha3Of('ZZ')).toBeNull();
  });
});
