import { expect, it } from '@jest/globals';
import { preferredType } from './accept.js';

const JSON_TYPE = 'application/json';
const CSV = 'text/csv';

it.each([
  [undefined, JSON_TYPE],
  ['', JSON_TYPE],
  ['*/*', JSON_TYPE],
  ['text/csv', CSV],
  ['text/*', CSV],
  ['text/csv;q=0.5, application/json', JSON_TYPE],
  ['text/csv, application/json', JSON_TYPE],
  ['application/json;q=0.4, text/csv;q=0.5', CSV],
  ['Application/JSON; charset=utf-8', JSON_TYPE],
  ['*/*, application/json;q=0', CSV],
  ['text/html,application/xhtml+xml,*/*;q=0.8', JSON_TYPE],
  ['text/html', undefined],
  ['*/*;q=0', undefined],
  ['application/json;q=none', undefined],
])('Accept: %s prefers %s', (accept, expected) => {
  expect(preferredType(accept, [JSON_TYPE, CSV])).toBe(expected);
});
