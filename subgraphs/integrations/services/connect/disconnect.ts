import { In, Not } from 'typeorm';
import type { Context } from '#integrations/context.js';
import { AccountAccessEntity } from '#integrations/entities/account-access.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import { sharersOfConsent } from '#integrations/providers/index.js';
import type { Consent, Provider } from '#integrations/providers/provider.js';
import { assignAccounts, lockOrganization } from '#integrations/services/accounts/assign-accounts.js';
import { forgetHealth } from '#integrations/services/health/connection-health.js';
import { openTokens } from '#integrations/services/tokens/token-seal.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';

/**
 * Ends a connection in the database. Returns it as it was, or null. Without an actor, as of an organization that is erased,
 * neither audit trail nor webhooks report it.
 */
export function endConnection(
  context: Context,
  { id, organizationId, actor }: { id: string; organizationId: string; actor?: Identity },
): Promise<Connection | null> {
  return context.database.transaction(async (manager) => {
    await lockOrganization(manager, organizationId);
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
    if (actor) {
      const { providerId } = before;
      const data = { connectionId: id, providerId };
      const occurredAt = context.services.now();
      await queueWebhookEvent(manager, { organizationId, type: 'connection.removed', data, occurredAt });
      await recordAudit(manager, actor, {
        organizationId,
        action: 'connection.disconnected',
        target: { type: 'Integration', id },
        before: { status: before.status, provider: providerId, grantedBy: before.grantedBy },
        after: { status: 'DISCONNECTED' },
      });
    }
    return before;
  });
}

/**
 * Whether another connection shares the consent, also of another organization or product. The only query across
 * organizations.
 */
function isShared(
  { database }: Context,
  { id, providerId, externalUserId }: Pick<Connection, 'providerId' | 'externalUserId'> & { id?: string },
): Promise<boolean> {
  return database.manager.existsBy(ConnectionEntity, {
    ...(id && { id: Not(id) }),
    providerId: In(sharersOfConsent(providerId)),
    externalUserId,
    status: 'ACTIVE',
  });
}

/** Revokes access, unless another connection shares the consent. Throws the provider's errors. */
export async function revokeAccess(context: Context, connection: Connection): Promise<void> {
  const { services, providers } = context;
  const tokens = openTokens(services.sealer, connection);
  if (tokens && !(await isShared(context, connection))) await providers.find(connection.providerId)?.revoke(tokens);
}

async function tryToRevoke(context: Context, before: Connection): Promise<void> {
  try {
    await revokeAccess(context, before);
  } catch (error) {
    const { id, organizationId, providerId } = before;
    const about = { err: error, connectionId: id, organizationId, providerId };
    context.services.logger.warn(about, 'Provider access could not be revoked');
  }
}

/** Gives back what was consented to and is not stored, unless a connection shares the consent. Never throws. */
export async function revokeUnused(
  context: Context,
  { provider, consent }: { provider: Provider; consent: Consent },
): Promise<void> {
  try {
    const isUsed = await isShared(context, { providerId: provider.id, externalUserId: consent.person.id });
    if (!isUsed) await provider.revoke(consent.tokens);
  } catch (error) {
    context.services.logger.warn({ err: error, providerId: provider.id }, 'An unused consent could not be revoked');
  }
}

/** Ends a connection: deletes its tokens and revokes the access. Idempotent. Throws NotFound. */
export async function disconnect(context: Context, { connectionId }: { connectionId: string }): Promise<Connection> {
  const { database, identity, services } = context;
  const { organizationId, userId } = identity;
  const before =
    organizationId && isRowId(connectionId)
      ? await endConnection(context, { id: connectionId, organizationId, actor: identity })
      : null;
  if (!before) throw new NotFound('connection');
  if (before.status !== 'DISCONNECTED') {
    await forgetHealth(context, before.organizationId);
    await deliverWebhooksSoon(services);
    await tryToRevoke(context, before);
    services.logger.audit({ organizationId, userId, connectionId }, 'Provider disconnected');
  }
  return database.manager.findOneByOrFail(ConnectionEntity, { id: before.id, organizationId });
}
