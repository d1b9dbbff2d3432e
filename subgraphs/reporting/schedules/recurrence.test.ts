import { describe, expect, it } from '@jest/globals';
import { cronProblem, nextRuns, type Recurrence, runsAfter } from './recurrence.js';

const QUARTER_HOUR_MS = 900_000;
const DAY_MS = 86_400_000;

/** The clock of a time zone in every quarter of an hour of a year, by Intl: shares nothing with Temporal. */
function clockOf(timeZone: string, year: number) {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const shown: { instant: number; local: string }[] = [];
  const start = Date.UTC(year, 0, 1) - 2 * DAY_MS;
  for (let instant = start; instant < Date.UTC(year + 1, 0, 1) + 2 * DAY_MS; instant += QUARTER_HOUR_MS) {
    shown.push({ instant, local: format.format(instant) });
  }
  return shown;
}

const days = (year: number) =>
  Array.from({ length: 366 }, (_, index) => new Date(Date.UTC(year, 0, 1 + index))).filter(
    (day) => day.getUTCFullYear() === year,
  );
const isLastDay = (day: Date) => new Date(day.getTime() + DAY_MS).getUTCDate() === 1;
const isDay = (day: Date, wanted: number) =>
  day.getUTCDate() === wanted || (isLastDay(day) && day.getUTCDate() < wanted);

/** A recurrence, and by another calculation the times of its runs on a day. */
const recurrences: [string, Recurrence, (day: Date) => string[]][] = [
  ['daily at 02:30', { every: 'DAILY', at: '02:30' }, () => ['02:30']],
  ['daily at midnight', { every: 'DAILY', at: '00:00' }, () => ['00:00']],
  [
    'on Sundays at 02:15',
    { every: 'WEEKLY', at: '02:15', weekday: 'SUNDAY' },
    (day) => (day.getUTCDay() === 0 ? ['02:15'] : []),
  ],
  ['on the 31st', { every: 'MONTHLY', at: '08:00', day: 31 }, (day) => (isLastDay(day) ? ['08:00'] : [])],
  ['on the 29th', { every: 'MONTHLY', at: '23:45', day: 29 }, (day) => (isDay(day, 29) ? ['23:45'] : [])],
  [
    'on the 30th of the second month of the quarter',
    { every: 'QUARTERLY', at: '06:00', day: 30, month: 2 },
    (day) => ([1, 4, 7, 10].includes(day.getUTCMonth()) && isDay(day, 30) ? ['06:00'] : []),
  ],
  [
    'by cron at 02:30 on working days',
    { every: 'CRON', cron: '30 2 * * MON-FRI' },
    (day) => (day.getUTCDay() % 6 === 0 ? [] : ['02:30']),
  ],
  [
    'by cron every hour on the first of the month and on 29 March and 25 October',
    { every: 'CRON', cron: '0 * 1,25,29 * *' },
    (day) =>
      [1, 25, 29].includes(day.getUTCDate())
        ? Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`)
        : [],
  ],
  ['by cron on the last day', { every: 'CRON', cron: '15 1 L * *' }, (day) => (isLastDay(day) ? ['01:15'] : [])],
];

describe('a year of runs', () => {
  it.each([
    ['Europe/Berlin', 2026],
    ['America/New_York', 2028],
    // Summer began at midnight.
    ['America/Sao_Paulo', 2018],
    // Half an hour of summer time.
    ['Australia/Lord_Howe', 2026],
    ['Asia/Kathmandu', 2026],
    // Had no 30 December.
    ['Pacific/Apia', 2011],
    ['UTC', 2026],
  ])('in %s, %i: each when its clock first shows the time, or has skipped it', (timeZone, year) => {
    const clock = clockOf(timeZone, year);
    for (const [name, recurrence, timesOf] of recurrences) {
      const wanted = days(year).flatMap((day) => timesOf(day).map((at) => `${day.toISOString().slice(0, 10)} ${at}`));
      let index = 0;
      const instants = wanted.map((local) => {
        while ((clock[index]?.local ?? local) < local) index++;
        return clock[index]?.instant;
      });
      const expected = [...new Set(instants)].map((instant) => new Date(instant ?? 0).toISOString());
      const from = new Date((instants[0] ?? 0) - 1);
      const actual: string[] = [];
      for (const run of runsAfter(recurrence, timeZone, from)) {
        if (run.getTime() > (instants.at(-1) ?? 0)) break;
        actual.push(run.toISOString());
      }
      expect({ name, runs: actual }).toEqual({ name, runs: expected });
    }
  });

  it.each([
    ['a skipped half hour', 'Europe/Berlin', '02:30', '2026-03-29T00:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['a half hour that comes twice', 'Europe/Berlin', '02:30', '2026-10-25T00:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['after its first time', 'Europe/Berlin', '02:30', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
    ['a skipped midnight', 'America/Sao_Paulo', '00:00', '2018-11-03T12:00:00Z', '2018-11-04T03:00:00.000Z'],
    [
      'a skipped quarter of Lord Howe',
      'Australia/Lord_Howe',
      '02:15',
      '2026-10-03T12:00:00Z',
      '2026-10-03T15:30:00.000Z',
    ],
    ['a skipped day', 'Pacific/Apia', '09:00', '2011-12-29T20:00:00Z', '2011-12-30T10:00:00.000Z'],
  ])('%s in %s at %s', (_what, timeZone, at, after, expected) => {
    const [run] = nextRuns({ every: 'DAILY', at }, timeZone, new Date(after), 1);
    expect(run?.toISOString()).toBe(expected);
  });

  it.each([
    ['* * * * *', /one minute/],
    ['*/5 9 * * *', /one minute/],
    ['0,30 9 * * *', /one minute/],
    ['0 0 9 * * *', /five fields/],
    ['@daily', /five fields/],
    ['', /five fields/],
    ['0 9 30 2 *', /never comes/],
    ['0 25 * * *', /not a cron pattern/],
    ['0 9 * * FUNDAY', /not a cron pattern/],
    ['61 9 * * *', /not a cron pattern/],
  ])('the cron pattern %j is refused', (pattern, problem) => {
    expect(cronProblem(pattern)).toMatch(problem);
  });

  it.each(['0 9 * * 1-5', '30 23 29 2 *', ' 5  4 L * *', '0 * * * *', '0 9 * * MON#1'])(
    'the cron pattern %j is taken',
    (pattern) => {
      expect(cronProblem(pattern)).toBeNull();
    },
  );
});
