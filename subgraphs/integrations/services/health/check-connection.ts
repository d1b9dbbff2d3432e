import type { Context } from '#integrations/context.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import { syncAccounts } from '#integrations/services/connect/sync-accounts.js';
import { isRowId } from '#runtime/database/database.js';
import { AppError, NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';

/**
 * Asks the provider whether a connection works and brings its accounts up to date. Returns the connection as it is then:
 * what the provider fails with stands in it. Throws NotFound.
 */
export async function checkConnection(context: Context, identity: Identity, connectionId: string): Promise<Connection> {
  const { organizationId } = identity;
  const read = async () => {
    if (!organizationId || !isRowId(connectionId)) return null;
    return context.database.manager.findOneBy(ConnectionEntity, { id: connectionId, organizationId });
  };
  const before = await read();
  if (!before) throw new NotFound('connection');
  if (before.status !== 'ACTIVE') return before;
  try {
    await syncAccounts(context, before);
  } catch (error) {
    // What is wrong with the connection is the answer; that we could not ask is not.
    if (!(error instanceof AppError)) throw error;
  }
  const after = await read();
  if (!after) throw new NotFound('connection');
  return after;
}
