import { randomUUID } from 'node:crypto';
import { connect } from '#ops/backup/connect.js';
import { type AuditEntry, INSTALLATION, recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import { hasTrails } from './list-trails.js';
import { asDatabase } from './snapshots.js';

/** The actor of operator programs and of the installation's own jobs. */
function operatorIdentity(name: 'operator' | 'job'): Identity {
  return { kind: 'service', userId: name, scopes: [], requestId: currentRequestContext()?.requestId ?? randomUUID() };
}

/**
 * Records an operation on the installation in its trail, within the connection's transaction. Does nothing in a
 * database of an older version without trails.
 */
export async function recordOperation(
  database: SqlDatabase,
  by: 'operator' | 'job',
  entry: Omit<AuditEntry, 'organizationId'>,
): Promise<void> {
  if (!(await hasTrails(database))) return;
  await recordAudit(database, operatorIdentity(by), { ...entry, organizationId: INSTALLATION });
}

/** Records what an operator program did in the installation's trail. */
export async function recordOperatorAction(
  databaseUrl: string,
  entry: Omit<AuditEntry, 'organizationId'>,
): Promise<void> {
  const client = await connect(databaseUrl, 'audit');
  try {
    await client.query('BEGIN');
    await recordOperation(asDatabase(client), 'operator', entry);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
