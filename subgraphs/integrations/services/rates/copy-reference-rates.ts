import type { EntityManager } from 'typeorm';
import { addDays, countDays, type DayRange, dayIn, firstOf, lastOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { ReferenceRate } from '#integrations/reference-rates/parse-rates.js';
import { firstKeptDay } from '#integrations/services/history/trim-histories.js';
import { AppError } from '#runtime/errors.js';
import { MAX_RATE_AGE_DAYS } from './rates-of-days.js';

/** The bank may correct a rate it has published. */
const READ_AGAIN_DAYS = 10;
const DAYS_PER_REQUEST = 366;
/** A day more than the longest break in publishing: four days without rates about Easter and Christmas. */
const ALERT_AFTER_DAYS = 5;

interface CopiedRates {
  first: string | null;
  last: string | null;
}

const COPIED = `
  SELECT min(day)::text AS first, max(day)::text AS last FROM integrations.reference_rate WHERE source = $1`;

const SAVE = `
  INSERT INTO integrations.reference_rate (source, currency, day, rate)
  SELECT $1, * FROM unnest($2::text[], $3::date[], $4::numeric[])
  ON CONFLICT (source, currency, day) DO UPDATE SET rate = excluded.rate
    WHERE reference_rate.rate <> excluded.rate`;

const SUCCEEDED = `
  INSERT INTO integrations.reference_rate_source (source, checked_at) VALUES ($1, $2)
  ON CONFLICT (source) DO UPDATE SET checked_at = excluded.checked_at, failing_since = NULL, problem = NULL`;

const FAILED = `
  INSERT INTO integrations.reference_rate_source (source, failing_since, problem) VALUES ($1, $2, $3)
  ON CONFLICT (source) DO UPDATE SET problem = excluded.problem,
    failing_since = coalesce(reference_rate_source.failing_since, excluded.failing_since)`;

async function saveRates(manager: EntityManager, source: string, rates: ReferenceRate[]): Promise<void> {
  const column = (name: keyof ReferenceRate) => rates.map((rate) => rate[name]);
  await manager.query(SAVE, [source, column('currency'), column('day'), column('rate')]);
}

/** The last rate of each currency before a day. */
async function ratesBefore({ database, referenceRates }: Context, day: string): Promise<Map<string, string>> {
  const rows = await database.query<{ currency: string; rate: string }[]>(
    `SELECT DISTINCT ON (currency) currency, rate::text FROM integrations.reference_rate
     WHERE source = $1 AND day < $2 AND day >= $3 ORDER BY currency, day DESC`,
    [referenceRates.id, day, addDays(day, -MAX_RATE_AGE_DAYS)],
  );
  return new Map(rows.map(({ currency, rate }) => [currency, rate]));
}

/** The days to ask for, at most a year each: what is newest first, then what is missing before. */
function dueRanges({ first, last }: CopiedRates, keptFrom: string, today: string): DayRange[] {
  const newest = last ? lastOf(addDays(last, -READ_AGAIN_DAYS), keptFrom) : keptFrom;
  const isBackfilled = first !== null && first <= addDays(keptFrom, MAX_RATE_AGE_DAYS);
  const wanted = [
    { start: newest, end: today },
    ...(first && !isBackfilled ? [{ start: keptFrom, end: addDays(first, -1) }] : []),
  ];
  return wanted.flatMap(({ start, end }) => {
    const count = Math.ceil(countDays(start, end) / DAYS_PER_REQUEST);
    return Array.from({ length: count }, (_, back) => {
      const last = addDays(end, -back * DAYS_PER_REQUEST);
      return { start: lastOf(start, addDays(last, 1 - DAYS_PER_REQUEST)), end: firstOf(end, last) };
    });
  });
}

async function copyRange(context: Context, range: DayRange): Promise<void> {
  const { database, referenceRates, services } = context;
  const { rates, refused } = await referenceRates.list(range, await ratesBefore(context, range.start));
  if (refused.length > 0) {
    services.alerts.raise({
      category: 'integration',
      key: 'reference-rates-refused',
      runbook: 'reference-rates',
      message:
        'Reference rates that cannot be right were not copied: amounts of their days are converted with the rate before, for a week at most. Compare them with the source.',
      details: { rates: refused.slice(0, 10).map(({ currency, day, rate }) => `${currency} ${day} ${rate}`) },
    });
  }
  if (rates.length > 0) await database.transaction((manager) => saveRates(manager, referenceRates.id, rates));
}

async function recordFailure(context: Context, error: AppError): Promise<void> {
  const { database, referenceRates, services } = context;
  await database.query(FAILED, [referenceRates.id, services.now(), error.message]);
  services.logger.warn({ err: error }, 'Reference rates could not be copied');
  const [{ last }] = await database.query<[CopiedRates]>(COPIED, [referenceRates.id]);
  if (last && last > addDays(dayIn('UTC', services.now()), -ALERT_AFTER_DAYS)) return;
  services.alerts.raise({
    category: 'integration',
    key: 'reference-rates-missing',
    runbook: 'reference-rates',
    message:
      'Reference rates could not be copied for days: amounts of these days are not converted. Let this installation reach the European Central Bank, or set ECB_API_BASE.',
    error,
  });
}

/**
 * Copies the reference rates published since the last time, and those missing for as long as days are kept; drops older
 * ones. A source that cannot be reached is recorded, and asked again with the next run.
 */
export async function copyReferenceRates(context: Context, { signal }: { signal: AbortSignal }): Promise<void> {
  const { database, referenceRates, services } = context;
  // The first days that are kept may need a rate of the days before.
  const keptFrom = addDays(firstKeptDay(services), -MAX_RATE_AGE_DAYS);
  const [copied] = await database.query<[CopiedRates]>(COPIED, [referenceRates.id]);
  try {
    for (const range of dueRanges(copied, keptFrom, dayIn('UTC', services.now()))) {
      if (signal.aborted) return;
      await copyRange(context, range);
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return recordFailure(context, error);
  }
  await database.query(SUCCEEDED, [referenceRates.id, services.now()]);
  await database.query('DELETE FROM integrations.reference_rate WHERE day < $1', [keptFrom]);
}
