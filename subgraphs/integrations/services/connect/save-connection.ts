import { chunk } from 'es-toolkit/array';
import type { EntityManager } from 'typeorm';
import type { Context } from '#integrations/context.js';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import { AccountAccessEntity } from '#integrations/entities/account-access.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import type { PendingConsent } from '#integrations/entities/pending-consent.js';
import type { Consent, Provider, ProviderAccount } from '#integrations/providers/provider.js';
import { assignAccounts, lockOrganization } from '#integrations/services/accounts/assign-accounts.js';
import { forgetHealth } from '#integrations/services/health/connection-health.js';
import { countInUse } from '#integrations/services/plan/in-use.js';
import { sealTokens } from '#integrations/services/tokens/token-seal.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { requireWithinLimit } from '#runtime/entitlements/require-within-limit.js';
import { Forbidden } from '#runtime/errors.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';
import { deleteConsent } from './pending-consent.js';

// PostgreSQL takes 65,535 parameters in a statement.
const ROWS_AT_ONCE = 1_000;

export interface NewConnection {
  pending: PendingConsent;
  provider: Provider;
  consent: Consent;
  accounts: ProviderAccount[];
}

/** Inserts the row for a first consent. */
async function lockRow(
  manager: EntityManager,
  { pending: { organizationId }, provider, consent }: NewConnection,
): Promise<Connection> {
  const { id: externalUserId, name: grantedBy } = consent.person;
  const person = { organizationId, providerId: provider.id, externalUserId };
  const first = {
    ...person,
    grantedBy,
    status: 'DISCONNECTED' as const,
    scopes: [],
    version: 0,
    connectedAt: new Date(0),
  };
  await manager.createQueryBuilder().insert().into(ConnectionEntity).values(first).orIgnore().execute();
  return manager.findOneOrFail(ConnectionEntity, { where: person, lock: { mode: 'pessimistic_write' } });
}

/** Inserts or updates the accounts of a connection. Returns their number. */
export async function saveAccounts(
  manager: EntityManager,
  { connection, accounts }: { connection: Connection; accounts: ProviderAccount[] },
): Promise<number> {
  const { id: connectionId, organizationId, providerId } = connection;
  await manager.delete(AccountAccessEntity, { connectionId, organizationId });
  // Lists that change while they are paged may repeat an account.
  const distinct = [...new Map(accounts.map((account) => [account.externalId, account])).values()];
  for (const some of chunk(distinct, ROWS_AT_ONCE)) {
    const rows = some.map(({ access, inactiveFault = null, ...account }) => ({
      ...account,
      inactiveFault,
      organizationId,
      connectionId,
      providerId,
    }));
    const saved = await manager
      .createQueryBuilder()
      .insert()
      .into(AccountEntity)
      .values(rows)
      .orUpdate(
        ['name', 'currency', 'time_zone', 'is_active', 'inactive_fault'],
        ['organization_id', 'provider_id', 'external_id'],
      )
      .returning(['id', 'externalId'])
      .execute();
    const ids = new Map((saved.generatedMaps as Account[]).map(({ externalId, id }) => [externalId, id]));
    const links = some.map(({ externalId, access }) => ({
      organizationId,
      connectionId,
      accountId: ids.get(externalId) as string,
      access,
    }));
    await manager.insert(AccountAccessEntity, links);
  }
  return distinct.length;
}

/**
 * Stores a consent with its accounts. Throws Forbidden when the right of its user has ended meanwhile, and LimitReached for a connection
 * more than the plan includes; one that is renewed is none.
 */
export async function saveConnection(context: Context, given: NewConnection): Promise<Connection> {
  const { database, services, identity } = context;
  const { consent, pending, provider } = given;
  const { organizationId } = pending;
  const saved = await database.transaction(async (manager) => {
    if (!(await deleteConsent(manager, pending))) {
      throw new Forbidden('You can no longer connect providers here: nothing was connected.');
    }
    await lockOrganization(manager, organizationId);
    const row = await lockRow(manager, given);
    if (row.status === 'DISCONNECTED') {
      await requireWithinLimit(manager, services, {
        organizationId,
        limit: 'CONNECTIONS',
        count: () => countInUse(manager, { organizationId, limit: 'CONNECTIONS' }),
      });
    }
    const connection: Connection = {
      ...row,
      ...sealTokens(services.sealer, row, consent.tokens),
      status: 'ACTIVE',
      reason: null,
      grantedBy: consent.person.name,
      scopes: consent.scopes,
      version: row.version + 1,
      connectedAt: services.now(),
      grantedByUserId: identity.userId ?? null,
      lastSyncAt: services.now(),
      fault: null,
      noticeDueAt: services.now(),
    };
    await manager.save(ConnectionEntity, connection);
    const accounts = await saveAccounts(manager, { connection, accounts: given.accounts });
    await assignAccounts(manager, organizationId);
    await manager.update(AccountEntity, { organizationId, connectionId: row.id }, { fault: null });
    const wasBroken = row.status === 'RECONNECT_REQUIRED';
    if (row.version === 0 || row.status !== 'ACTIVE') {
      await queueWebhookEvent(manager, {
        organizationId,
        type: wasBroken ? 'connection.recovered' : 'connection.connected',
        data: { connectionId: row.id, providerId: provider.id, accountCount: accounts },
        occurredAt: connection.connectedAt,
      });
    }
    await recordAudit(manager, identity, {
      organizationId,
      action: 'connection.connected',
      target: { type: 'Integration', id: row.id },
      before: { status: row.version === 0 ? null : row.status },
      after: { status: 'ACTIVE', provider: provider.id, grantedBy: connection.grantedBy, accounts },
    });
    return connection;
  });
  await forgetHealth(context, organizationId);
  await deliverWebhooksSoon(services);
  return saved;
}
