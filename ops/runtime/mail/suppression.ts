import type { DataSource, EntityManager } from 'typeorm';
import { comparableAddress } from './address.js';

/** Sends nothing to this address from now on. The first cause is kept. */
export async function suppress(
  database: DataSource | EntityManager,
  { address, cause, reason }: { address: string; cause: 'BOUNCE' | 'COMPLAINT'; reason?: string },
): Promise<void> {
  await database.query(
    `INSERT INTO operations.mail_suppression (address, cause, reason) VALUES ($1, $2, $3)
     ON CONFLICT (address) DO NOTHING`,
    [comparableAddress(address), cause, reason ?? null],
  );
}

/** Returns whether nothing is sent to this address any more. */
export async function isSuppressed(database: DataSource, address: string): Promise<boolean> {
  const rows = await database.query<unknown[]>('SELECT FROM operations.mail_suppression WHERE address = $1', [
    comparableAddress(address),
  ]);
  return rows.length > 0;
}
