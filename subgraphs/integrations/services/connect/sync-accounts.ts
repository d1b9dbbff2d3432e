import type { EntityManager } from 'typeorm';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import type { Access, Equipment } from '#integrations/equipment.js';
import { ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import type { ProviderAccount } from '#integrations/providers/provider.js';
import { assignAccounts, takeTurn } from '#integrations/services/accounts/assign-accounts.js';
import { forgetHealth } from '#integrations/services/health/connection-health.js';
import { recordFailure } from '#integrations/services/health/record-connection-fault.js';
import { storedFaultOf } from '#integrations/services/health/stored-fault-of.js';
import { openAccess } from '#integrations/services/tokens/open-access.js';
import { renewTokens } from '#integrations/services/tokens/renew-tokens.js';
import { requireReconnect } from '#integrations/services/tokens/require-reconnect.js';
import { secondRefusal } from '#integrations/services/tokens/second-refusal.js';
import { Forbidden } from '#runtime/errors.js';
import { saveAccounts } from './save-connection.js';

interface Listed {
  access: Access;
  accounts: ProviderAccount[];
}

async function listAgain(equipment: Equipment, before: Access): Promise<Listed> {
  const access = await renewTokens(equipment, before.connection, ({ version }) => version <= before.connection.version);
  try {
    return { access, accounts: await access.provider.listAccounts(access.tokens.accessToken) };
  } catch (error) {
    throw error instanceof TokenRefused ? secondRefusal(access.provider.name, error) : error;
  }
}

async function list(equipment: Equipment, access: Access): Promise<Listed> {
  try {
    return { access, accounts: await access.provider.listAccounts(access.tokens.accessToken) };
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    return listAgain(equipment, access);
  }
}

/** Returns the row, which nobody else changes until the transaction ends; null when it is not that consent any more. */
async function lockSameConsent(manager: EntityManager, { id, organizationId, connectedAt }: Connection) {
  const connection = await manager.findOne(ConnectionEntity, {
    where: { id, organizationId, status: 'ACTIVE' },
    lock: { mode: 'pessimistic_write' },
  });
  return connection?.connectedAt.getTime() === connectedAt.getTime() ? connection : null;
}

/** Stores what was listed: new accounts appear, those that are gone are no longer opened, the others are as they are now. */
async function save(equipment: Equipment, { access, accounts }: Listed): Promise<void> {
  const { database, services } = equipment;
  const { id, organizationId } = access.connection;
  const now = services.now();
  const none = new Forbidden(`The person who connected ${access.provider.name} has no account there any more.`);
  const fault = accounts.length === 0 ? (storedFaultOf(none, now) ?? null) : null;
  await database.transaction(async (manager) => {
    await takeTurn(manager, organizationId);
    const connection = await lockSameConsent(manager, access.connection);
    if (!connection) return;
    const distinct = new Map(accounts.map((account) => [account.externalId, account]));
    await saveAccounts(manager, connection, [...distinct.values()]);
    await assignAccounts(manager, organizationId);
    const kept = fault && connection.fault?.code === fault.code ? connection.fault : fault;
    await manager.update(ConnectionEntity, { id, organizationId }, { lastSyncAt: now, fault: kept });
  });
  await forgetHealth(equipment, organizationId);
}

/**
 * Reads the accounts of a connection at its provider and brings ours up to date. Throws what the provider fails with,
 * once that is written down.
 */
export async function syncAccounts(
  equipment: Equipment,
  owner: Pick<Connection, 'id' | 'organizationId'>,
): Promise<void> {
  let access: Access | undefined;
  try {
    access = await openAccess(equipment, owner);
    await save(equipment, await list(equipment, access));
  } catch (error) {
    if (error instanceof ReconnectRequired && access) await requireReconnectOf(equipment, access.connection, error);
    else await recordFailure(equipment, owner, error);
    throw error;
  }
}

/** The token may have been renewed since: what counts is that it is still the same consent. */
async function requireReconnectOf(
  equipment: Equipment,
  { id, organizationId, connectedAt }: Connection,
  error: ReconnectRequired,
): Promise<void> {
  const current = await equipment.database.manager.findOneBy(ConnectionEntity, { id, organizationId });
  if (current?.connectedAt.getTime() === connectedAt.getTime()) await requireReconnect(equipment, current, error);
}
