import { describe, expect, it } from '@jest/globals';
import { countryOfName, countryOfNumber } from './countries.js';

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
});
