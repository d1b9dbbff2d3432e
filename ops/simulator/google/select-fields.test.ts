import { describe, expect, it } from '@jest/globals';
import { GoogleError } from './errors.js';
import { selectFields } from './select-fields.js';

const ANSWER = {
  kind: 'report',
  rows: [
    { dimensionValues: [{ value: 'a' }], metricValues: [{ value: '1' }] },
    { dimensionValues: [{ value: 'b' }], metricValues: [{ value: '2' }] },
  ],
  rowCount: 2,
};

describe('selectFields', () => {
  it.each<[string | null, unknown]>([
    [null, ANSWER],
    ['', ANSWER],
    ['*', ANSWER],
    ['rowCount', { rowCount: 2 }],
    ['kind, rowCount', { kind: 'report', rowCount: 2 }],
    ['rows/metricValues', { rows: [{ metricValues: [{ value: '1' }] }, { metricValues: [{ value: '2' }] }] }],
    ['rows.metricValues.value', { rows: [{ metricValues: [{ value: '1' }] }, { metricValues: [{ value: '2' }] }] }],
    [
      'rows(metricValues(value)),kind',
      { rows: [{ metricValues: [{ value: '1' }] }, { metricValues: [{ value: '2' }] }], kind: 'report' },
    ],
    ['rows/*', { rows: ANSWER.rows }],
    ['nothing', {}],
  ])('keeps of %j what it names', (fields, kept) => {
    expect(selectFields(ANSWER, fields)).toEqual(kept);
  });

  it.each(['rows(', 'rows)', ',', 'rows//kind', 'rows kind', '('])('refuses %j', (fields) => {
    expect(() => selectFields(ANSWER, fields)).toThrow(GoogleError);
  });
});
