import { In, Not } from 'typeorm';
import { AccountAccessEntity } from '#integrations/entities/account-access.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import type { Equipment } from '#integrations/equipment.js';
import { sharersOfConsent } from '#integrations/providers/index.js';
import { assignAccounts, takeTurn } from '#integrations/services/accounts/assign-accounts.js';
import { forgetHealth } from '#integrations/services/health/connection-health.js';
import { openTokens } from '#integrations/services/tokens/token-seal.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';

/**
 * Ends the connection in our database. Returns it as it was before, or null when there is none. Without an identity, as its
 * organization is erased, nothing is written down about it.
 */
export function forgetConnection(
  equipment: Equipment,
  identity: Identity | undefined,
  organizationId: string,
  id: string,
): Promise<Connection | null> {
  return equipment.database.transaction(async (manager) => {
    await takeTurn(manager, organizationId);
    const where = { id, organizationId };
    const before = await manager.findOne(ConnectionEntity, { where, lock: { mode: 'pessimistic_write' } });
    if (!before || before.status === 'DISCONNECTED') return before;
    await manager.update(ConnectionEntity, where, {
      status: 'DISCONNECTED',
      reason: 'It was disconnected.',
      sealedTokens: null,
      expiresAt: null,
      fault: null,
      noticeDueAt: null,
      version: before.version + 1,
    });
    await manager.delete(AccountAccessEntity, { connectionId: id, organizationId });
    await assignAccounts(manager, organizationId);
    if (identity) {
      await recordAudit(manager, identity, {
        organizationId,
        action: 'connection.disconnected',
        target: { type: 'Connection', id },
        before: { status: before.status, provider: before.providerId, grantedBy: before.grantedBy },
        after: { status: 'DISCONNECTED' },
      });
    }
    return before;
  });
}

/**
 * Whether the person's consent also carries another connection: of another organization (an agency's employee with two
 * of them), or of another product at the same provider. It is one per person and app, so that revoking it would break
 * that connection. The only question asked across organizations; nothing of the other one is read.
 */
function isShared({ database }: Equipment, { id, providerId, externalUserId }: Connection): Promise<boolean> {
  return database.manager.existsBy(ConnectionEntity, {
    id: Not(id),
    providerId: In(sharersOfConsent(providerId)),
    externalUserId,
    status: 'ACTIVE',
  });
}

/** Gives the access of a connection back, unless another one lives on the same consent. Throws when the provider fails. */
export async function revokeAccess(equipment: Equipment, connection: Connection): Promise<void> {
  const { services, providers } = equipment;
  const tokens = openTokens(services.sealer, connection);
  if (tokens && !(await isShared(equipment, connection))) await providers.find(connection.providerId)?.revoke(tokens);
}

/** The same as well as it goes: the connection is ended already. */
async function revoke(equipment: Equipment, before: Connection): Promise<void> {
  try {
    await revokeAccess(equipment, before);
  } catch (error) {
    const { id, organizationId, providerId } = before;
    equipment.services.logger.warn(
      { err: error, connectionId: id, organizationId, providerId },
      'Access could not be revoked',
    );
  }
}

/** Ends a connection: our tokens are deleted, the access is revoked at the provider. Throws NotFound. Ended twice is ended. */
export async function disconnect(equipment: Equipment, identity: Identity, connectionId: string): Promise<Connection> {
  const { organizationId, userId } = identity;
  const before =
    organizationId && isRowId(connectionId)
      ? await forgetConnection(equipment, identity, organizationId, connectionId)
      : null;
  if (!before) throw new NotFound('connection');
  if (before.status !== 'DISCONNECTED') {
    await forgetHealth(equipment, before.organizationId);
    await revoke(equipment, before);
    equipment.services.logger.audit({ organizationId, userId, connectionId }, 'A provider was disconnected');
  }
  return equipment.database.manager.findOneByOrFail(ConnectionEntity, { id: before.id, organizationId });
}
