import { describe, expect, it } from '@jest/globals';
import { MalformedAnswer } from '#integrations/errors.js';
import { parseRates } from './parse-rates.js';

const HEADER = 'KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE';
const row = (currency: string, day: string, rate: string) =>
  `EXR.D.${currency}.EUR.SP00.A,D,${currency},EUR,SP00,A,${day},${rate}`;
const range = { start: '2026-11-02', end: '2026-11-06' };
const parse = (lines: string[], before = new Map<string, string>()) => parseRates(lines.join('\r\n'), range, before);

describe('an answer with reference rates', () => {
  it('has exact rates, oldest first, and days without an observation have none', () => {
    const given = [row('USD', '2026-11-03', '1.0842'), row('USD', '2026-11-02', '1.10'), row('JPY', '2026-11-02', '')];
    expect(parse([HEADER, ...given, row('ISK', '2026-11-02', 'NaN'), ''])).toEqual({
      rates: [
        { currency: 'USD', day: '2026-11-02', rate: '1.10' },
        { currency: 'USD', day: '2026-11-03', rate: '1.0842' },
      ],
      refused: [],
    });
  });

  it('is empty for days without rates', () => {
    expect(parse([''])).toEqual({ rates: [], refused: [] });
  });

  it.each(['0', '0.0000', '-1.1', '1e3', 'Infinity', '108.42', '0.10842'])('has no rate of %p', (rate) => {
    const { rates, refused } = parse([HEADER, row('USD', '2026-11-02', rate)], new Map([['USD', '1.08']]));
    expect([rates, refused.map((one) => one.rate)]).toEqual([[], [rate]]);
  });

  it.each([
    ['another header', `${HEADER},OBS_STATUS`, row('USD', '2026-11-02', '1.1')],
    ['a page', '<!doctype html>', ''],
    ['another series', HEADER, 'EXR.D.USD.GBP.SP00.A,D,USD,GBP,SP00,A,2026-11-02,1.1'],
    ['two currencies in a row', HEADER, 'EXR.D.USD.EUR.SP00.A,D,JPY,EUR,SP00,A,2026-11-02,1.1'],
    ['half a row', HEADER, 'EXR.D.USD.EUR.SP00.A,D,USD'],
    ['a day that was not asked for', HEADER, row('USD', '2026-11-09', '1.1')],
    ['no day', HEADER, row('USD', '2026-11-31', '1.1')],
  ])('is refused for %s', (_what, ...lines) => {
    expect(() => parse(lines)).toThrow(MalformedAnswer);
  });
});
