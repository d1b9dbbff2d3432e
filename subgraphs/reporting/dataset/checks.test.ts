import { describe, expect, it } from '@jest/globals';
import { changedCell, datasetHash, RowHash, rowCheck } from './checks.js';

const ROW = ['2026-10-01', 'Autumn', null, '12.30'];

describe('rowCheck', () => {
  it('matches the row it was made of', () => {
    expect(rowCheck(ROW)).toHaveLength(5 + 2 * ROW.length);
    expect(changedCell(ROW, rowCheck(ROW))).toBeNull();
  });

  it.each([
    [0, ['2026-10-02', 'Autumn', null, '12.30']],
    [1, ['2026-10-01', 'Winter', null, '12.30']],
    [2, ['2026-10-01', 'Autumn', '', '12.30']],
    [3, ['2026-10-01', 'Autumn', null, '12.31']],
  ])('names the changed cell %i', (index, row) => {
    expect(changedCell(row, rowCheck(ROW))).toBe(index);
  });

  it('finds cells that changed places', () => {
    expect(changedCell(['a', 'b'], rowCheck(['b', 'a']))).toBe(0);
  });
});

describe('hashes', () => {
  const hashOf = (rows: (string | null)[][]) => {
    const hash = new RowHash();
    for (const row of rows) hash.add(row);
    return hash.digest();
  };

  it('depend on order, on cells and on what has no value', () => {
    const hashes = [[['a', 'b']], [['b', 'a']], [['a'], ['b']], [['a', null]], [['a', '']]].map(hashOf);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashOf([['a', 'b']])).toBe(hashes[0]);
  });

  it('of a report depend on its columns', () => {
    const section = { id: 'one', columns: [], rowCount: 0, hash: hashOf([]) };
    expect(datasetHash([section])).not.toBe(datasetHash([{ ...section, id: 'two' }]));
  });
});
