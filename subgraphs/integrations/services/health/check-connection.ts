import type { Context } from '#integrations/context.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import { syncAccounts } from '#integrations/services/connect/sync-accounts.js';
import { isRowId } from '#runtime/database/database.js';
import { AppError, NotFound } from '#runtime/errors.js';

/** Syncs a connection's accounts. Returns it with its fault. Throws NotFound, and LimitReached for one that the plan does not include. */
export async function checkConnection(
  context: Context,
  { connectionId }: { connectionId: string },
): Promise<Connection> {
  const { organizationId } = context.identity;
  const read = async () => {
    if (!organizationId || !isRowId(connectionId)) return null;
    return context.database.manager.findOneBy(ConnectionEntity, { id: connectionId, organizationId });
  };
  const before = await read();
  if (!before) throw new NotFound('connection');
  if (before.status !== 'ACTIVE') return before;
  const refusal = await context.plan.refusalOfConnection(before);
  if (refusal) throw refusal;
  try {
    await syncAccounts(context, before);
  } catch (error) {
    // A fault of the connection is the result; a defect of ours is thrown.
    if (!(error instanceof AppError)) throw error;
  }
  const after = await read();
  if (!after) throw new NotFound('connection');
  return after;
}
