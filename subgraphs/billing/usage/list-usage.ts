import type { Context } from '#billing/context.js';
import { InvalidInput } from '#runtime/errors.js';
import type { OrganizationDay } from './record-usage.js';

interface DayRange {
  start: string;
  end: string;
}

const MAX_DAYS = 366;
const USUAL_DAYS = 30;
const FIRST_DAY = '2000-01-01';
const DAY_MS = 24 * 60 * 60 * 1000;

const dayOf = (instant: number) => new Date(instant).toISOString().slice(0, 10);

function check({ start, end }: DayRange, today: string): void {
  const refuse = (problem: string): never => {
    throw new InvalidInput([{ argument: 'range', problem }]);
  };
  if (end < start) refuse('must not end before it starts');
  if (start < FIRST_DAY) refuse(`must not start before ${FIRST_DAY}`);
  if (start > today) refuse('must not start in the future');
  if ((Date.parse(end) - Date.parse(start)) / DAY_MS >= MAX_DAYS) refuse(`must not be longer than ${MAX_DAYS} days`);
}

const READ = `
  SELECT day::date::text AS date, coalesce(requests, 0)::text AS requests, coalesce(cost, 0)::text AS cost
  FROM generate_series($2::timestamp, $3::timestamp, interval '1 day') AS day
    LEFT JOIN billing.usage_day AS used ON used.organization_id = $1 AND used.date = day::date
  ORDER BY day`;

/**
 * Returns what an organization used on each day (UTC) of a range of at most 366 days, up to today; by default of the last 30. Throws
 * InvalidInput.
 */
export async function listUsage(
  { database, services }: Pick<Context, 'database' | 'services'>,
  { organizationId, range }: { organizationId: string; range?: DayRange | null },
): Promise<OrganizationDay[]> {
  const now = services.now().getTime();
  const today = dayOf(now);
  const { start, end } = range ?? { start: dayOf(now - (USUAL_DAYS - 1) * DAY_MS), end: today };
  check({ start, end }, today);
  const [last = end] = [end, today].sort();
  const rows = await database.query<Record<'date' | 'requests' | 'cost', string>[]>(READ, [
    organizationId,
    start,
    last,
  ]);
  return rows.map(({ date, requests, cost }) => ({
    organizationId,
    date,
    requests: Number(requests),
    cost: Number(cost),
  }));
}
