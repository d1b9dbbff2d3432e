import { describe, expect, it } from '@jest/globals';
import { createSheetNames, quoteSheetName } from './sheet-names.js';

describe('the names of sheets', () => {
  it('are allowed by spreadsheets, and unique whatever their case', () => {
    const nameSheet = createSheetNames();
    const names = [
      'Cost',
      'COST',
      "'a/b\\c?d*e[f]g:h'",
      '',
      'History',
      'x'.repeat(40),
      'X'.repeat(40),
      '👩‍👩‍👧‍👦'.repeat(5),
      'حملة '.repeat(10),
    ].map(nameSheet);
    expect(names.slice(0, 5)).toEqual(['Cost', 'COST (2)', 'a b c d e f g h', 'Sheet', 'History (2)']);
    expect(names[5]).toBe(`${'x'.repeat(30)}…`);
    expect(names[6]).toBe(`${'X'.repeat(26)}… (2)`);
    expect(names[7]).toBe(`${'👩‍👩‍👧‍👦'.repeat(2)}…`);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(31);
    expect(quoteSheetName("Bob's")).toBe("'Bob''s'");
  });
});
