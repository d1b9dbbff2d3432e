import { describe, expect, it } from '@jest/globals';
import { discountAmounts } from './apply-discounts.js';
import { hasTaxLocation, taxOf, taxTreatmentOf } from './calculate-tax.js';
import { chargeable, formatAmount } from './currencies.js';
import { allocate, divideRounded, scaled, unscaled } from './decimals.js';
import { addCycles, DAY, periodContaining } from './periods.js';
import { tieredAmount } from './price-amounts.js';
import { amountOfRest } from './prorate.js';
import { MAX_ATTEMPTS, nextAttemptAfter } from './retry-schedule.js';

const at = (iso: string) => Date.parse(`${iso}Z`) / 1000;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19);
const month = { interval: 'month', interval_count: 1 } as const;
const year = { interval: 'year', interval_count: 1 } as const;

describe('billing periods', () => {
  it.each([
    ['2027-01-31T10:20:30', month, 13, '2028-02-29T10:20:30'],
    ['2027-01-31T10:20:30', month, 14, '2028-03-31T10:20:30'],
    ['2027-01-30T00:00:00', month, 1, '2027-02-28T00:00:00'],
    ['2027-01-29T23:59:59', month, 1, '2027-02-28T23:59:59'],
    ['2028-01-29T23:59:59', month, 1, '2028-02-29T23:59:59'],
    ['2028-02-29T12:00:00', year, 1, '2029-02-28T12:00:00'],
    ['2028-02-29T12:00:00', year, 4, '2032-02-29T12:00:00'],
    ['2027-12-31T00:00:00', { interval: 'month', interval_count: 3 }, 2, '2028-06-30T00:00:00'],
    // The clocks of Europe and America change in between.
    ['2027-03-14T01:30:00', { interval: 'week', interval_count: 2 }, 2, '2027-04-11T01:30:00'],
    ['2027-10-30T02:30:00', { interval: 'day', interval_count: 1 }, 2, '2027-11-01T02:30:00'],
    ['2027-03-31T08:00:00', month, -1, '2027-02-28T08:00:00'],
  ] as const)('of %s by %j, %i cycles on, is %s', (anchor, cadence, cycles, expected) => {
    expect(iso(addCycles(at(anchor), cadence, cycles))).toBe(expected);
  });

  it('follow each other without gaps, whatever day they are anchored on', () => {
    for (const day of [1, 28, 29, 30, 31]) {
      const anchor = at(`2027-01-${String(day).padStart(2, '0')}T06:07:08`);
      let { end } = periodContaining(anchor, month, anchor);
      for (let cycle = 1; cycle < 60; cycle += 1) {
        const next = periodContaining(anchor, month, end);
        expect(next.start).toBe(end);
        expect(periodContaining(anchor, month, next.end - 1)).toEqual(next);
        end = next.end;
      }
      expect(iso(end).slice(0, 7)).toBe('2032-01');
    }
  });
});

describe('amounts', () => {
  it('are rounded half away from zero, exactly', () => {
    expect(divideRounded(5n, 2n)).toBe(3n);
    expect(divideRounded(-5n, 2n)).toBe(-3n);
    expect(divideRounded(7n, 3n)).toBe(2n);
    expect(unscaled(scaled('0.5'))).toBe(1);
    expect(unscaled(scaled('1234567890.499999999999'))).toBe(1_234_567_890);
    expect(unscaled(scaled('0.005') * 12_345n)).toBe(62);
  });

  it('of the rest of a period are prorated to the second', () => {
    const period = { start: at('2027-04-01T00:00:00'), end: at('2027-05-01T00:00:00') };
    expect(amountOfRest(1_000, period, at('2027-04-16T00:00:00'))).toBe(500);
    expect(amountOfRest(4_900, period, period.start + 1)).toBe(4_900);
    expect(amountOfRest(99_999_999, period, period.end - 1)).toBe(39);
    expect(amountOfRest(1_000, period, period.end)).toBe(0);
    expect(amountOfRest(1_000, period, period.start - DAY)).toBe(1_000);
  });

  it('are split without losing a unit', () => {
    expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(allocate(5, [0, 10, 0])).toEqual([0, 5, 0]);
    expect(allocate(7, [0, 0])).toEqual([0, 0]);
  });

  it('of currencies of three decimals are tens, and print as customers read them', () => {
    expect(chargeable(1_234, 'kwd')).toBe(1_230);
    expect(chargeable(-1_235, 'kwd')).toBe(-1_240);
    expect(chargeable(-4, 'kwd')).toBe(0);
    expect(chargeable(1_234, 'eur')).toBe(1_234);
    expect([formatAmount('4900', 'eur'), formatAmount('4900', 'jpy'), formatAmount('4900', 'kwd')]).toEqual([
      '€49.00',
      '¥4,900',
      'KWD\u00a04.900',
    ]);
  });

  it('of tiers are those of the tier, or of each tier', () => {
    const tiers = [
      { up_to: 10, unit_amount: 100, unit_amount_decimal: '100', flat_amount: 500, flat_amount_decimal: '500' },
      { up_to: null, unit_amount: null, unit_amount_decimal: '0.5', flat_amount: null, flat_amount_decimal: null },
    ];
    expect(tieredAmount(tiers, 'graduated', 0)).toBe(500);
    expect(tieredAmount(tiers, 'graduated', 10)).toBe(1_500);
    expect(tieredAmount(tiers, 'graduated', 13)).toBe(1_502);
    expect(tieredAmount(tiers, 'volume', 13)).toBe(7);
    expect(tieredAmount(tiers, 'volume', 10)).toBe(1_500);
  });
});

describe('discounts', () => {
  const percent = (percent_off: number) => ({ percent_off, amount_off: null, currency: null });
  const off = (amount_off: number) => ({ percent_off: null, amount_off, currency: 'eur' });
  const line = (amount: number, product = 'prod_1', discountable = true) => ({ amount, product, discountable });

  it('are taken one after the other, and never below nothing', () => {
    const lines = [line(1_000), line(-300), line(500, 'prod_2', false), line(333)];
    const first = { id: 'di_1', coupon: percent(33.33) };
    const second = { id: 'di_2', coupon: off(1_000) };
    expect(discountAmounts(lines, [first, second], 'eur').map((all) => all.map(({ amount }) => amount))).toEqual([
      [333, 667],
      [0, 0],
      [],
      [111, 222],
    ]);
  });

  it('are of some products, or currencies, only', () => {
    const only = { id: 'di_1', coupon: { ...percent(50), applies_to: { products: ['prod_2'] } } };
    const other = { id: 'di_2', coupon: { ...off(100), currency_options: { jpy: { amount_off: 9 } } } };
    const taken = discountAmounts([line(100), line(100, 'prod_2')], [only, other], 'jpy');
    expect(taken.map((all) => all.map(({ amount }) => amount))).toEqual([
      [0, 6],
      [50, 3],
    ]);
  });
});

describe('taxes', () => {
  const payer = {
    country: 'FR' as string | null,
    postalCode: null,
    exempt: 'none',
    taxIds: [] as { type: string; value: string }[],
  };

  it('are those of the country, reversed for businesses beyond the border, and none where none are collected', () => {
    expect(taxTreatmentOf(payer)).toMatchObject({ percent: '20', reason: 'standard_rated' });
    const business = { ...payer, taxIds: [{ type: 'eu_vat', value: 'FRAB123456789' }] };
    expect(taxTreatmentOf(business)).toMatchObject({ percent: '0', reason: 'reverse_charge' });
    expect(taxTreatmentOf({ ...business, country: 'DE' })).toMatchObject({ percent: '19', reason: 'standard_rated' });
    expect(taxTreatmentOf({ ...payer, exempt: 'exempt' })).toMatchObject({ reason: 'customer_exempt' });
    expect(taxTreatmentOf({ ...payer, country: 'US' })).toMatchObject({ reason: 'not_collecting', taxRate: null });
    expect([payer, { ...payer, country: null }, { ...payer, country: 'US' }].map(hasTaxLocation)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('are in the price or on top of it, as the price says', () => {
    const treatment = taxTreatmentOf({ ...payer, country: 'FI' });
    const tax = (behavior: string | null, currency = 'eur') => taxOf(4_900, treatment, { behavior, currency });
    expect(tax('exclusive')).toMatchObject({ amount: 1_250, taxable_amount: 4_900 });
    expect(tax('inclusive')).toMatchObject({ amount: 996, taxable_amount: 3_904 });
    expect([tax('unspecified').tax_behavior, tax(null, 'usd').tax_behavior]).toEqual(['inclusive', 'exclusive']);
  });
});

it('retries a payment on four days of three weeks', () => {
  const days: number[] = [];
  let attempt: number | null = 0;
  for (let failed = 1; attempt !== null; failed += 1) {
    attempt = nextAttemptAfter(failed, attempt);
    if (attempt !== null) days.push(attempt / DAY);
  }
  expect(days).toEqual([3, 8, 14, 21]);
  expect(MAX_ATTEMPTS).toBe(5);
});
