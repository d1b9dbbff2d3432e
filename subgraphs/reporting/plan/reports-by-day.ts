import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';

const COUNT = `
  SELECT (ordered_at AT TIME ZONE 'UTC')::date::text AS date, count(*)::int AS count FROM reporting.report_order
  WHERE organization_id = $1 AND ordered_at >= $2::date::timestamp AT TIME ZONE 'UTC'
    AND ordered_at < ($3::date + 1)::timestamp AT TIME ZONE 'UTC'
  GROUP BY 1`;

/** Counts the reports of an organization that were ordered on days (UTC, YYYY-MM-DD) and have not failed. */
export function reportsByDay(database: DataSource, organizationId: string | undefined): DataLoader<string, number> {
  return new DataLoader(async (dates) => {
    const ordered = [...dates].sort();
    const values = [organizationId, ordered[0], ordered.at(-1)];
    const rows = await database.query<{ date: string; count: number }[]>(COUNT, values);
    const known = new Map(rows.map(({ date, count }) => [date, count]));
    return dates.map((date) => known.get(date) ?? 0);
  });
}
