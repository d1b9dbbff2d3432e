import { Cron } from 'croner';
import { Temporal } from 'temporal-polyfill';

const { PlainDate, PlainDateTime, PlainTime, Instant } = Temporal;
type LocalTime = Temporal.PlainDateTime;
type LocalDay = Temporal.PlainDate;

export const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
export type Weekday = (typeof weekdays)[number];

/** When a schedule runs, on the clock of a time zone. `at` is `HH:MM`; a day that a month does not have is its last one. */
export type Recurrence =
  | { every: 'DAILY'; at: string }
  | { every: 'WEEKLY'; at: string; weekday: Weekday }
  | { every: 'MONTHLY'; at: string; day: number }
  /** `month` 1 to 3: which of the quarter. */
  | { every: 'QUARTERLY'; at: string; day: number; month: number }
  | { every: 'CRON'; cron: string };

// Without a time zone of its own: a local time is written as if it were UTC.
const cronOf = (pattern: string) => new Cron(pattern, { timezone: 'UTC', mode: '5-part', paused: true });

const MINUTE = /^\d{1,2}$/;
const SOME_DAY = new Date('2000-01-01T00:00:00Z');

/** Returns what is wrong with a cron pattern: it must have five fields, run at most hourly, and some day; null = nothing. */
export function cronProblem(pattern: string): string | null {
  const fields = pattern.trim().split(/\s+/);
  if (fields.length !== 5) return 'must have five fields: minute, hour, day of the month, month, day of the week';
  if (!MINUTE.test(fields[0] ?? '')) return 'must begin with one minute, 0 to 59: a schedule runs at most once an hour';
  try {
    if (cronOf(fields.join(' ')).nextRun(SOME_DAY)) return null;
    return 'names a day that never comes';
  } catch (error) {
    return `is not a cron pattern: ${(error as Error).message.replace(/^CronPattern: /, '')}`;
  }
}

function* daysFrom(recurrence: Exclude<Recurrence, { every: 'CRON' }>, first: LocalDay): Generator<LocalDay> {
  if (recurrence.every === 'DAILY' || recurrence.every === 'WEEKLY') {
    const days = recurrence.every === 'DAILY' ? 1 : 7;
    const wanted = recurrence.every === 'DAILY' ? first.dayOfWeek : weekdays.indexOf(recurrence.weekday) + 1;
    for (let day = first.add({ days: (wanted - first.dayOfWeek + 7) % 7 }); ; day = day.add({ days })) yield day;
  }
  const isWanted = ({ month }: LocalDay) => recurrence.every === 'MONTHLY' || (month - 1) % 3 === recurrence.month - 1;
  for (let month = first.with({ day: 1 }); ; month = month.add({ months: 1 })) {
    // `with` takes the last day of the month for one it does not have.
    if (isWanted(month)) yield month.with({ day: recurrence.day });
  }
}

/** The times on the clock at which a recurrence is due, from the beginning of a day. */
function* localRuns(recurrence: Recurrence, from: LocalDay): Generator<LocalTime> {
  if (recurrence.every !== 'CRON') {
    const at = PlainTime.from(recurrence.at);
    for (const day of daysFrom(recurrence, from)) yield day.toPlainDateTime(at);
    return;
  }
  const cron = cronOf(recurrence.cron);
  // `nextRun` is later than the given time.
  let last: Date | null = new Date(Date.parse(`${from}T00:00:00Z`) - 1);
  for (;;) {
    last = cron.nextRun(last);
    if (!last) return;
    yield PlainDateTime.from(last.toISOString().slice(0, 16));
  }
}

/** Returns the first instant at which a clock shows a time; one that the clock skips is when it goes on, one it shows twice the first. */
function instantOf(local: LocalTime, timeZone: string): number {
  const before = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const isSkipped = !before.toPlainDateTime().equals(local);
  const instant = isSkipped ? before.getTimeZoneTransition('next') : before;
  return (instant ?? before).epochMilliseconds;
}

/** The clock of a time zone is at most so far ahead of what a local time means, as when a zone skips a day. */
const MARGIN = { days: 2 };

/** Yields the runs of a recurrence after an instant, in order, each once. */
export function* runsAfter(recurrence: Recurrence, timeZone: string, after: Date): Generator<Date> {
  const here = Instant.fromEpochMilliseconds(after.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
  let last = after.getTime();
  for (const local of localRuns(recurrence, PlainDate.from(here).subtract(MARGIN))) {
    const instant = instantOf(local, timeZone);
    // Several skipped times are one run.
    if (instant <= last) continue;
    last = instant;
    yield new Date(instant);
  }
}

/** Returns the next runs after an instant, at most `count`. */
export function nextRuns(recurrence: Recurrence, timeZone: string, after: Date, count: number): Date[] {
  const runs: Date[] = [];
  for (const run of runsAfter(recurrence, timeZone, after)) {
    runs.push(run);
    if (runs.length === count) break;
  }
  return runs;
}

/** Returns the next run after an instant. */
export function nextRun(recurrence: Recurrence, timeZone: string, after: Date): Date {
  const [run] = nextRuns(recurrence, timeZone, after, 1);
  if (!run) throw new Error('A recurrence has no next run.');
  return run;
}
