import type { EntityManager } from 'typeorm';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import { AccountAccessEntity } from '#integrations/entities/account-access.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import type { Equipment } from '#integrations/equipment.js';
import type { Consent, Provider, ProviderAccount } from '#integrations/providers/provider.js';
import { assignAccounts, takeTurn } from '#integrations/services/accounts/assign-accounts.js';
import { forgetHealth } from '#integrations/services/health/connection-health.js';
import { sealTokens } from '#integrations/services/tokens/token-seal.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';

// PostgreSQL takes 65,535 parameters in a statement.
const ROWS_AT_ONCE = 1_000;

export interface NewConnection {
  organizationId: string;
  provider: Provider;
  consent: Consent;
  accounts: ProviderAccount[];
  /** On whose behalf; `userId` is who consented. */
  identity: Identity;
}

/** Returns the row of this person's consent, made if it is the first; nobody else changes it until the transaction ends. */
async function lockRow(
  manager: EntityManager,
  { organizationId, provider, consent }: NewConnection,
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

/** Adds or brings up to date the accounts of a connection. */
export async function saveAccounts(
  manager: EntityManager,
  connection: Connection,
  accounts: ProviderAccount[],
): Promise<void> {
  const { id: connectionId, organizationId, providerId } = connection;
  await manager.delete(AccountAccessEntity, { connectionId, organizationId });
  for (let from = 0; from < accounts.length; from += ROWS_AT_ONCE) {
    const some = accounts.slice(from, from + ROWS_AT_ONCE);
    const rows = some.map(({ access, ...account }) => ({ ...account, organizationId, connectionId, providerId }));
    const saved = await manager
      .createQueryBuilder()
      .insert()
      .into(AccountEntity)
      .values(rows)
      .orUpdate(['name', 'currency', 'time_zone', 'is_active'], ['organization_id', 'provider_id', 'external_id'])
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
}

/** Stores a consent with its accounts: all of it or nothing. */
export async function saveConnection(equipment: Equipment, given: NewConnection): Promise<Connection> {
  const { database, services } = equipment;
  const { consent, organizationId, identity, provider } = given;
  const saved = await database.transaction(async (manager) => {
    await takeTurn(manager, organizationId);
    const row = await lockRow(manager, given);
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
      noticeDueAt: null,
    };
    await manager.save(ConnectionEntity, connection);
    // A list that changed while it was paged may name an account twice.
    const accounts = new Map(given.accounts.map((account) => [account.externalId, account]));
    await saveAccounts(manager, connection, [...accounts.values()]);
    await assignAccounts(manager, organizationId);
    await manager.update(AccountEntity, { organizationId, connectionId: row.id }, { fault: null });
    await recordAudit(manager, identity, {
      organizationId,
      action: 'connection.connected',
      target: { type: 'Connection', id: row.id },
      before: { status: row.version === 0 ? null : row.status },
      after: { status: 'ACTIVE', provider: provider.id, grantedBy: connection.grantedBy, accounts: accounts.size },
    });
    return connection;
  });
  await forgetHealth(equipment, organizationId);
  return saved;
}
