import { describe, expect, it } from '@jest/globals';
import { spreadsheetText } from './spreadsheet-text.js';

describe('spreadsheetText', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', '＠SUM(A1)'])(
    'quotes the formula %j',
    (cell) => {
      expect(spreadsheetText(cell)).toBe(`'${cell}`);
    },
  );

  it.each(['', 'Sale = 20 %', '1', '{"name":"=1+1"}'])('does not change %j', (cell) => {
    expect(spreadsheetText(cell)).toBe(cell);
  });
});
