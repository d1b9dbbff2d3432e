import type { DataSource } from 'typeorm';
import { poolOf, type WatchablePool } from '#runtime/telemetry/observe-pools.js';

const underway = new WeakMap<DataSource, Promise<unknown>>();

/** Asks PostgreSQL whether it answers, by one statement for all that ask at the same time. Rejects when it does not. */
export function pingDatabase(operations: DataSource): Promise<unknown> {
  const known = underway.get(operations);
  if (known) return known;
  const ping = operations.query('SELECT 1').finally(() => underway.delete(operations));
  underway.set(operations, ping);
  return ping;
}

/** Whether callers wait for a connection of a pool: what the server answers to others says nothing about it. */
export const isCrowded = (pool: Pick<WatchablePool, 'waitingCount'> | undefined) => (pool?.waitingCount ?? 0) > 0;

/**
 * Rejects while the database of a schema cannot be used. All schemas are on one server, and every second is often: those whose pool has
 * a connection to spare share one statement.
 */
export async function checkDatabase({ operations }: { operations: DataSource }, database: DataSource): Promise<void> {
  if (isCrowded(poolOf(database))) await database.query('SELECT 1');
  else await pingDatabase(operations);
}
