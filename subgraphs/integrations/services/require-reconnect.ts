import type { Connection } from '../entities/connection.js';
import { ConnectionEntity } from '../entities/connection.js';
import type { Equipment } from '../equipment.js';
import type { ReconnectRequired } from '../errors.js';
import { assignAccounts, takeTurn } from './assign-accounts.js';

/**
 * Records that a connection no longer works, unless it was renewed or ended since it was read. Accounts that another
 * connection opens, too, move there.
 */
export async function requireReconnect(
  { database, runtime }: Equipment,
  { id, organizationId, version, providerId }: Connection,
  error: ReconnectRequired,
): Promise<void> {
  await database.transaction(async (manager) => {
    await takeTurn(manager, organizationId);
    const { affected } = await manager.update(
      ConnectionEntity,
      { id, organizationId, version, status: 'ACTIVE' },
      { status: 'RECONNECT_REQUIRED', reason: error.message },
    );
    if (!affected) return;
    await assignAccounts(manager, organizationId);
    runtime.logger.warn({ connectionId: id, organizationId, err: error }, 'A connection must be renewed by its person');
    runtime.alerts.raise({
      category: 'oauth',
      key: `reconnect-required ${providerId}`,
      message: `A connection with ${providerId} must be renewed by its person. If there are many, check the credentials of this installation there.`,
      error,
      organizationId,
      details: { connectionId: id },
    });
  });
}
