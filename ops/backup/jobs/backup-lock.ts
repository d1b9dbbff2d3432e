import type pg from 'pg';
import { Conflict } from '#runtime/errors.js';

/** Takes the right to do this on a database, until the connection ends. Throws Conflict while another process has it. */
export async function takeLock(client: pg.ClientBase, purpose: 'backup' | 'restore drill' | 'restore'): Promise<void> {
  const { rows } = await client.query<{ taken: boolean }>(
    "SELECT pg_try_advisory_lock(hashtext('webmetrics ' || $1)) AS taken",
    [purpose],
  );
  if (!rows[0]?.taken)
    throw new Conflict(`Another process is at a ${purpose} of this database: try again when it is done.`);
}
