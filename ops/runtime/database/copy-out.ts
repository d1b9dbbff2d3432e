import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { DataSource } from 'typeorm';
import { DatabaseSilent } from './bounded-client.js';

/** For a frozen server: a working one ends the statement itself. */
const SILENCE_MS = 35_000;

type Client = pg.ClientBase & Pick<pg.Client, 'connection'>;

/**
 * Runs a statement `COPY … TO STDOUT`, and returns the bytes in the pieces in which they arrived: put together, they would take twice the
 * memory outside of V8's heap, because of which it marks the whole heap. COPY has no parameters.
 */
export async function copyOut(client: Client, statement: string): Promise<Buffer[]> {
  const copied = client.query(copyTo(statement));
  // As for other statements: see `boundedClient`.
  const giveUp = () => client.connection.stream.destroy(new DatabaseSilent(SILENCE_MS));
  const timer = setTimeout(giveUp, SILENCE_MS);
  return await copied.toArray().finally(() => clearTimeout(timer));
}

/** Runs `copyOut` on a connection of the pool. */
export async function copyOutOf(database: DataSource, statement: string): Promise<Buffer[]> {
  const runner = database.createQueryRunner();
  try {
    return await copyOut(await runner.connect(), statement);
  } finally {
    await runner.release();
  }
}

function literalOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return `ARRAY[${value.map(literalOf).join(', ')}]::text[]`;
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString());
  return typeof value === 'string' ? pg.escapeLiteral(value) : String(value);
}

/** Returns a query with its values in place of `$1`, `$2`, …: texts, numbers, booleans, dates, lists of texts, null. */
export function withLiterals(query: string, values: readonly unknown[]): string {
  return query.replace(/\$(\d+)/g, (_all, number) => literalOf(values[Number(number) - 1]));
}
