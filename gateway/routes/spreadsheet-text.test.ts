import { describe, expect, it } from '@jest/globals';
import { spreadsheetText } from './spreadsheet-text.js';

describe('a cell', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', '＠SUM(A1)'])(
    'is no formula: %j',
    (cell) => {
      expect(spreadsheetText(cell)).toBe(`'${cell}`);
    },
  );

  it.each(['', 'Sale = 20 %', '1', '{"name":"=1+1"}'])('is left as it is: %j', (cell) => {
    expect(spreadsheetText(cell)).toBe(cell);
  });
});
