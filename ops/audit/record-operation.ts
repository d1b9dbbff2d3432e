import { randomUUID } from 'node:crypto';
import { connect } from '#ops/backup/connect.js';
import { type AuditEntry, INSTALLATION, recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import { hasTrails } from './list-trails.js';
import { asDatabase } from './snapshots.js';

/** Who acts when an operator types a program, or when WebMetrics does something for the installation by itself. */
function operatorIdentity(name: 'operator' | 'job'): Identity {
  return { kind: 'service', userId: name, scopes: [], requestId: currentRequestContext()?.requestId ?? randomUUID() };
}

/**
 * Adds what was done to the whole installation to its own trail, in a transaction that was begun on this connection. A
 * database that an older version left has no trail: then nothing is written.
 */
export async function recordOperation(
  database: SqlDatabase,
  by: 'operator' | 'job',
  entry: Omit<AuditEntry, 'organizationId'>,
): Promise<void> {
  if (!(await hasTrails(database))) return;
  await recordAudit(database, operatorIdentity(by), { ...entry, organizationId: INSTALLATION });
}

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
