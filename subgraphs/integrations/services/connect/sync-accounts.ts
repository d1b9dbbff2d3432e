import type { EntityManager } from 'typeorm';
import type { Context } from '#integrations/context.js';
import type { Access } from '#integrations/dependencies.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import { ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import { storedFaultOf } from '#integrations/faults/fault-of.js';
import type { ProviderAccount } from '#integrations/providers/provider.js';
import { assignAccounts, lockOrganization } from '#integrations/services/accounts/assign-accounts.js';
import { forgetHealth } from '#integrations/services/health/connection-health.js';
import { recordFailure } from '#integrations/services/health/record-connection-fault.js';
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

async function list(context: Context, access: Access): Promise<Listed> {
  try {
    return { access, accounts: await access.provider.listAccounts(access.tokens.accessToken) };
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    return listRenewed(context, access);
  }
}

async function listRenewed(context: Context, { connection }: Access): Promise<Listed> {
  const needsRenewal = ({ version }: Connection) => version <= connection.version;
  const access = await renewTokens(context, { connection, needsRenewal });
  try {
    return { access, accounts: await access.provider.listAccounts(access.tokens.accessToken) };
  } catch (error) {
    throw error instanceof TokenRefused ? secondRefusal(access.provider.name, error) : error;
  }
}

/** null when it is another consent by now. */
async function lockSameConsent(manager: EntityManager, { id, organizationId, connectedAt }: Connection) {
  const connection = await manager.findOne(ConnectionEntity, {
    where: { id, organizationId, status: 'ACTIVE' },
    lock: { mode: 'pessimistic_write' },
  });
  return connection?.connectedAt.getTime() === connectedAt.getTime() ? connection : null;
}

async function save(context: Context, { access, accounts }: Listed): Promise<void> {
  const { database, services } = context;
  const { id, organizationId } = access.connection;
  const now = services.now();
  const none = new Forbidden(`The person who connected ${access.provider.name} has no account there any more.`);
  const fault = accounts.length === 0 ? (storedFaultOf(none, now) ?? null) : null;
  await database.transaction(async (manager) => {
    await lockOrganization(manager, organizationId);
    const connection = await lockSameConsent(manager, access.connection);
    if (!connection) return;
    await saveAccounts(manager, { connection, accounts });
    await assignAccounts(manager, organizationId);
    const kept = fault && connection.fault?.code === fault.code ? connection.fault : fault;
    await manager.update(ConnectionEntity, { id, organizationId }, { lastSyncAt: now, fault: kept });
  });
  await forgetHealth(context, organizationId);
}

/** The token may have been renewed since; the consent must be the same. */
async function requireReconnectOf(
  context: Context,
  { id, organizationId, connectedAt }: Connection,
  error: ReconnectRequired,
): Promise<void> {
  const current = await context.database.manager.findOneBy(ConnectionEntity, { id, organizationId });
  const isSame = current?.connectedAt.getTime() === connectedAt.getTime();
  if (current && isSame) await requireReconnect(context, { connection: current, error });
}

/** Reads and stores the accounts of a connection. Throws the provider's errors, once recorded, and why the plan does not include it. */
export async function syncAccounts(
  context: Context,
  connection: Pick<Connection, 'id' | 'organizationId'>,
): Promise<void> {
  const refusal = await context.plan.refusalOfConnection(connection);
  if (refusal) throw refusal;
  let access: Access | undefined;
  try {
    access = await openAccess(context, connection);
    await save(context, await list(context, access));
  } catch (error) {
    if (error instanceof ReconnectRequired && access) await requireReconnectOf(context, access.connection, error);
    else await recordFailure(context, { connection, error });
    throw error;
  }
}
