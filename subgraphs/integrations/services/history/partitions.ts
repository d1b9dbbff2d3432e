import type { DataSource } from 'typeorm';
import { addDays, type DayRange, monthsBefore } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import { figureTables } from './kinds/index.js';

/** The tables that are partitioned by month. */
const partitionedTables = ['history_day', ...figureTables];

const LOCK_TIMEOUT_MS = 1_000;

/** Months known to have partitions, by database. */
const known = new WeakMap<DataSource, Set<string>>();

const monthOf = (day: string) => day.slice(0, 7);
const firstOfMonth = (month: string) => `${month}-01`;
const nextMonth = (month: string) => monthOf(monthsBefore(firstOfMonth(month), -1));
const partitionOf = (table: string, month: string) => `${table}_${month.replace('-', '_')}`;

function monthsOf({ start, end }: DayRange): string[] {
  const months: string[] = [];
  for (let month = monthOf(start); month <= monthOf(end); month = nextMonth(month)) months.push(month);
  return months;
}

// A table that is attached is locked more weakly than one that is created as a partition.
const create = (table: string, month: string) => {
  const name = partitionOf(table, month);
  return `
    CREATE TABLE integrations.${name} (LIKE integrations.${table} INCLUDING ALL);
    ALTER TABLE integrations.${table} ATTACH PARTITION integrations.${name}
      FOR VALUES FROM ('${firstOfMonth(month)}') TO ('${firstOfMonth(nextMonth(month))}');`;
};

const PARTITIONS = `
  SELECT child.relname AS name FROM pg_inherits
  JOIN pg_class AS child ON child.oid = inhrelid
  WHERE inhparent = ANY ($1::regclass[])`;

const parents = partitionedTables.map((table) => `integrations.${table}`);

/** Creates the partitions of the days of a range that have none. Idempotent, also of concurrent processes. */
export async function makePartitions({ database }: Pick<Context, 'database'>, range: DayRange): Promise<void> {
  const made = known.get(database) ?? new Set();
  known.set(database, made);
  const months = monthsOf(range).filter((month) => !made.has(month));
  if (months.length === 0) return;
  await database.transaction(async (manager) => {
    await manager.query("SELECT pg_advisory_xact_lock(hashtext('integrations partitions'))");
    const rows = await manager.query<{ name: string }[]>(PARTITIONS, [parents]);
    const existing = new Set(rows.map(({ name }) => name));
    for (const month of months) {
      for (const table of partitionedTables) {
        if (!existing.has(partitionOf(table, month))) await manager.query(create(table, month));
      }
    }
  });
  for (const month of months) made.add(month);
}

/**
 * Drops the partitions of months that end before a day, and returns their number. One that is being read for more than a second
 * is left for the next time.
 */
export async function dropPartitions({ database, services }: Context, firstKept: string): Promise<number> {
  let dropped = 0;
  const rows = await database.query<{ name: string }[]>(PARTITIONS, [parents]);
  const ended = rows.map(({ name }) => name).filter((name) => lastDayOf(name) < firstKept);
  for (const name of ended.sort()) {
    await database
      .transaction(async (manager) => {
        await manager.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
        await manager.query(`DROP TABLE integrations.${name}`);
      })
      .then(() => {
        dropped += 1;
      })
      .catch((error) => services.logger.warn({ err: error, partition: name }, 'A partition could not be dropped'));
  }
  known.delete(database);
  return dropped;
}

function lastDayOf(partition: string): string {
  const [, year, month] = /_(\d{4})_(\d{2})$/.exec(partition) ?? [];
  return addDays(firstOfMonth(nextMonth(`${year}-${month}`)), -1);
}
