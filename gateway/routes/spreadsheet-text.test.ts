import { describe, expect, it } from '@jest/globals';
import { spreadsheetText } from './spreadsheet-text.js';

describe('spreadsheetText', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '＝1+1', '＠SUM(A1)'])('quotes the formula %j', (cell) => {
    expect(spreadsheetText(cell)).toBe(`'${cell}`);
  });

  it.each([
    ['a;=1+1', "a;'=1+1"],
    [';=1+1', ";'=1+1"],
    ['a; "=HYPERLINK("x");b', 'a; "\'=HYPERLINK("x");b'],
    ['a;;+1;-1;@X;＝1', "a;;'+1;'-1;'@X;'＝1"],
    ['a\t=1', "a\t'=1"],
    ['a\r\n=1', "a\r\n'=1"],
    ['\t=1', "'\t'=1"],
    ['\n=1', "'\n'=1"],
  ])('quotes the formulas in %j where a semicolon, a tab or a line break separates cells', (cell, quoted) => {
    expect(spreadsheetText(cell)).toBe(quoted);
  });

  it('takes a run of separators in linear time', () => {
    // Quadratic: longer than the time limit of a test.
    const run = '\n'.repeat(500_000);
    expect(spreadsheetText(`a${run}`)).toBe(`a${run}`);
    expect(spreadsheetText(`a${run}=1`)).toBe(`a${run}'=1`);
  });

  it.each(['', 'Sale = 20 %', 'a; b', 'a;b-c', '1', '{"name":"=1+1"}'])('does not change %j', (cell) => {
    expect(spreadsheetText(cell)).toBe(cell);
  });
});
