import { describe, expect, it } from '@jest/globals';
import { differencesOf } from './layout-difference.js';

const approved = [
  'h1 "Overview" 254 84 104 30 #111827 - 24/680',
  'button "Save" 900 84 100 36 #ffffff #1d4ed8 15/560',
  'table "Rows" 274 400 1000 2000 #111827 - 14/400',
];

describe('the difference of two layouts', () => {
  it('is nothing for what rounding and the hinting of letters change', () => {
    const now = [
      'h1 "Overview" 257 83 106 30 #111827 - 24/680',
      approved[1] as string,
      'table "Rows" 274 402 1000 2015 #111827 - 14/400',
    ];
    expect(differencesOf(now, approved)).toEqual([]);
  });

  it('names what is gone, new, elsewhere, larger, or of another look', () => {
    const now = [
      'h1 "Overview" 254 104 104 30 #111827 - 24/680',
      'button "Save" 900 84 100 36 #ffffff #dc2626 15/560',
      'p "Note" 0 0 10 10 #111827 - 14/400',
    ];
    expect(differencesOf(now, approved)).toEqual([
      'h1 "Overview" is at 254 104 104 30, and was at 254 84 104 30',
      'button "Save" is #ffffff #dc2626 15/560, and was #ffffff #1d4ed8 15/560',
      'gone: table "Rows"',
      'new: p "Note"',
    ]);
  });
});
