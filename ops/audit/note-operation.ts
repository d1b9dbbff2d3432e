import { connect } from '#ops/backup/connect.js';
import type { AuditEntry } from '#runtime/audit/record-audit.js';
import { recordOperation } from './record-operation.js';
import { asDatabase } from './snapshots.js';

/** Adds what an operator's program has done to the trail of the installation. */
export async function noteOperation(databaseUrl: string, entry: Omit<AuditEntry, 'organizationId'>): Promise<void> {
  const client = await connect(databaseUrl, 'audit');
  try {
    await client.query('BEGIN');
    await recordOperation(asDatabase(client), 'operator', entry);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
