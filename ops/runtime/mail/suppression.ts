import type { DataSource, EntityManager } from 'typeorm';
import { comparableAddress } from './address.js';
import { isDeclined } from './unsolicited-mail.js';

/** Suppresses all further mail to an address. The first cause is kept. */
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

/** Returns whether mail to this address is suppressed, or mail of this kind was declined there. */
export async function isSuppressed(
  database: DataSource,
  { recipient, kind }: { recipient: string; kind: string },
): Promise<boolean> {
  const rows = await database.query<unknown[]>('SELECT FROM operations.mail_suppression WHERE address = $1', [
    comparableAddress(recipient),
  ]);
  return rows.length > 0 || isDeclined(database, { address: recipient, kind });
}
