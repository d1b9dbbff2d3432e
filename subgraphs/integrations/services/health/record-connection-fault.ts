import type { Context } from '#integrations/context.js';
import type { Connection } from '#integrations/entities/connection.js';
import type { StoredFault } from '#integrations/entities/stored-fault.js';
import { ReconnectRequired } from '#integrations/errors.js';
import { storedFaultOf } from '#integrations/faults/fault-of.js';
import { forgetHealth } from './connection-health.js';

type Owner = Pick<Connection, 'id' | 'organizationId'>;

/**
 * Records a fault of a whole connection; null clears it. A known fault keeps its time. Returns whether something
 * changed.
 */
export async function recordConnectionFault(
  context: Context,
  { connection: { id, organizationId }, fault }: { connection: Owner; fault: StoredFault | null },
): Promise<boolean> {
  const [, changed] = await context.database.query<[unknown, number]>(
    `UPDATE integrations.connection SET fault = $3::jsonb
     WHERE id = $1 AND organization_id = $2 AND status = 'ACTIVE' AND fault->>'code' IS DISTINCT FROM $4::text`,
    [id, organizationId, fault && JSON.stringify(fault), fault?.code ?? null],
  );
  if (changed > 0) await forgetHealth(context, organizationId);
  return changed > 0;
}

/** Records why a connection could not be used; ReconnectRequired is recorded elsewhere. */
export async function recordFailure(
  context: Context,
  { connection, error }: { connection: Owner; error: unknown },
): Promise<void> {
  if (!(error instanceof Error) || error instanceof ReconnectRequired) return;
  const fault = storedFaultOf(error, context.services.now());
  if (!fault) return;
  try {
    await recordConnectionFault(context, { connection, fault });
  } catch (err) {
    context.services.logger.warn({ err, connectionId: connection.id }, 'Connection fault could not be recorded');
  }
}
