import { describe, expect, it } from '@jest/globals';
import { addDays, daysOf } from '#integrations/calendar-day.js';
import { budgetPace } from './budget-pace.js';
import { medianOf, spreadOf } from './robust-statistics.js';
import { errorOfPattern, spendPattern, weekdayOf } from './spend-pattern.js';

const NOVEMBER = { start: '2026-11-01', end: '2026-11-30' };
const euros = (amount: number) => BigInt(Math.round(amount * 1e6));
const inEuros = (micros: bigint | undefined) => Number(micros) / 1e6;

/** What is spent on each day of a range. */
const spending = (start: string, end: string, amountOf: (day: string) => number) =>
  new Map(daysOf({ start, end }).map((day) => [day, euros(amountOf(day))]));
/** 10 on Mondays, 70 on Sundays. */
const byWeekday = (day: string) => weekdayOf(day) * 10;

describe('robust statistics', () => {
  it('are not moved by an outlier', () => {
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([1, 2, 3, 4])).toBe(2.5);
    expect(() => medianOf([])).toThrow('no median');
    expect(spreadOf([10, 11, 12, 13, 14])).toBeCloseTo(1.4826, 10);
    expect(spreadOf([10, 11, 12, 13, 9_999])).toBeCloseTo(1.4826, 10);
    expect(spreadOf([5, 5, 5])).toBe(0);
  });
});

describe('the pattern of spending', () => {
  it('has the medians of the last four of each weekday', () => {
    const spend = spending('2026-10-01', '2026-11-19', (day) => (day === '2026-11-09' ? 9_000 : byWeekday(day)));
    const pattern = spendPattern(spend, '2026-11-19');
    expect(pattern?.method).toBe('WEEKDAY_MEDIAN');
    expect(pattern?.usualOn('2026-11-23')).toBe(10e6);
    expect(pattern?.usualOn('2026-11-29')).toBe(70e6);
  });

  it('follows what the last seven days were, by their median', () => {
    const spend = spending('2026-10-01', '2026-11-19', (day) => byWeekday(day) * (day > '2026-11-12' ? 2 : 1));
    expect(spendPattern(spend, '2026-11-19')?.usualOn('2026-11-23')).toBe(20e6);
    const twice = new Map([...spend, ['2026-11-18', euros(9_000)], ['2026-11-17', 0n]]);
    expect(spendPattern(twice, '2026-11-19')?.usualOn('2026-11-23')).toBe(20e6);
  });

  it('is an average with few days, and none with fewer', () => {
    const days = (count: number) => spending(addDays('2026-11-19', 1 - count), '2026-11-19', () => 30);
    expect(spendPattern(days(13), '2026-11-19')).toMatchObject({ method: 'AVERAGE' });
    expect(spendPattern(days(14), '2026-11-19')).toMatchObject({ method: 'WEEKDAY_MEDIAN' });
    expect(spendPattern(days(3), '2026-11-19')?.usualOn('2026-12-24')).toBe(30e6);
    expect(spendPattern(days(2), '2026-11-19')).toBeNull();
  });

  it('knows how far it was off: not at all where every week is alike, twice as far where days vary twice as much', () => {
    const alike = spending('2026-08-01', '2026-11-19', byWeekday);
    expect(errorOfPattern(alike, '2026-11-19', 11)).toBe(0);
    const off = (size: number) =>
      errorOfPattern(
        spending('2026-08-01', '2026-11-19', (day) => 1_000 + ((Number(day.slice(8)) * 7) % 5) * size),
        '2026-11-19',
        3,
      );
    expect(off(1)).toBeGreaterThan(0);
    expect((off(2) as number) / (off(1) as number)).toBeCloseTo(2, 1);
    expect(errorOfPattern(spending('2026-10-20', '2026-11-19', byWeekday), '2026-11-19', 11)).toBeNull();
  });
});

describe('the pace of a budget', () => {
  const spend = spending('2026-08-01', '2026-11-19', byWeekday);
  const question = { amount: euros(1_000), month: NOVEMBER, today: '2026-11-20', spend };
  const total = (start: string, end: string) => daysOf({ start, end }).reduce((sum, day) => sum + byWeekday(day), 0);

  it('is by weekdays: 1 where every weekday is as usual and the budget what the month costs', () => {
    const month = total('2026-11-01', '2026-11-30');
    const pace = budgetPace({ ...question, amount: euros(month) });
    const sofar = total('2026-11-01', '2026-11-19');
    expect(pace).toMatchObject({
      through: '2026-11-19',
      expectedBy: 'WEEKDAYS',
      pace: 1,
      daysLeft: 11,
      isComplete: true,
    });
    expect([inEuros(pace.spent), inEuros(pace.expected)]).toEqual([sofar, sofar]);
    expect(pace.forecast).toEqual({
      amount: euros(month),
      low: euros(month),
      high: euros(month),
      method: 'WEEKDAY_MEDIAN',
    });
  });

  it('counts what today has cost in what is spent, not in the pace; in the forecast where it is more than usual', () => {
    const at = (today: number) => budgetPace({ ...question, spend: new Map([...spend, ['2026-11-20', euros(today)]]) });
    const [none, some, much] = [budgetPace(question), at(20), at(500)];
    expect([some.pace, much.pace]).toEqual([none.pace, none.pace]);
    expect(inEuros(some.spent - none.spent)).toBe(20);
    expect(some.forecast?.amount).toBe(none.forecast?.amount);
    // Fridays cost 50.
    expect(inEuros((much.forecast?.amount ?? 0n) - (none.forecast?.amount ?? 0n))).toBe(450);
  });

  it('is the same every day while weekdays are not known', () => {
    const few = spending('2026-11-10', '2026-11-14', () => 40);
    const month = { start: '2026-11-10', end: '2026-11-19' };
    const pace = budgetPace({ amount: euros(400), month, today: '2026-11-15', spend: few });
    expect(pace).toMatchObject({ expectedBy: 'DAYS', expected: euros(200), pace: 1 });
    expect(pace.forecast).toMatchObject({ amount: euros(400), method: 'AVERAGE' });
  });

  it('is unknown where a day is missing', () => {
    const missing = new Map([...spend].filter(([day]) => day !== '2026-11-05'));
    const pace = budgetPace({ ...question, spend: missing });
    expect(pace).toMatchObject({ pace: null, forecast: null, isComplete: false, through: '2026-11-19' });
  });

  it.each([
    ['2026-11-01', { through: null, pace: null, daysLeft: 30, expected: 0n }],
    ['2026-11-30', { through: '2026-11-29', daysLeft: 1 }],
    ['2026-12-01', { through: '2026-11-30', daysLeft: 0, expected: euros(1_000) }],
    ['2026-10-20', { through: null, pace: null, daysLeft: 30, spent: 0n, forecast: null }],
  ])('at the ends of the month: %s', (today, expected) => {
    const all = spending('2026-09-01', addDays(today, -1), byWeekday);
    const pace = budgetPace({ ...question, today, spend: all });
    expect(pace).toMatchObject(expected);
    if (today === '2026-12-01') expect(pace.forecast).toMatchObject({ amount: pace.spent, method: 'MONTH_OVER' });
  });

  it.each([
    ['2027-02-01', '2027-02-28', 28],
    ['2028-02-01', '2028-02-29', 29],
    ['2026-12-01', '2026-12-31', 31],
  ])('of %s to %s is over %i days', (start, end, days) => {
    const flat = spending(addDays(start, -28), addDays(start, 13), () => 10);
    const pace = budgetPace({
      amount: euros(days * 10),
      month: { start, end },
      today: addDays(start, 14),
      spend: flat,
    });
    expect(pace).toMatchObject({ pace: 1, expected: euros(140), daysLeft: days - 14 });
    expect(pace.forecast?.amount).toBe(euros(days * 10));
  });

  it('holds for a month without any cost, and for refunds', () => {
    const none = spending('2026-10-01', '2026-11-19', () => 0);
    expect(budgetPace({ ...question, spend: none })).toMatchObject({ expectedBy: 'DAYS', pace: 0 });
    const refund = new Map([...none, ['2026-11-03', euros(-5)]]);
    expect(budgetPace({ ...question, spend: refund })).toMatchObject({ spent: euros(-5), isComplete: true });
  });
});
