import type { EntityManager } from 'typeorm';
import type { Context } from '#integrations/context.js';
import type { Access } from '#integrations/dependencies.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import { ReconnectRequired } from '#integrations/errors.js';
import { withFault } from '#integrations/faults/fault-of.js';
import { NotFound } from '#runtime/errors.js';
import { observeTokenRenewal } from '#runtime/telemetry/observe-connections.js';
import { readAccess } from './read-access.js';
import { requireReconnect } from './require-reconnect.js';
import { unlessClockIsWrong } from './second-refusal.js';
import { sealTokens } from './token-seal.js';

interface Renewal {
  connection: Connection;
  /** Judged on the locked row. */
  needsRenewal(connection: Connection): boolean;
}

interface Broken {
  connection: Connection;
  error: ReconnectRequired;
}

/** Without a refresh token, an access token that has ended is expired rather than revoked. */
function markExpired(error: ReconnectRequired, { tokens }: Access, now: Date): ReconnectRequired {
  const hasEnded = tokens.expiresAt !== null && tokens.expiresAt <= now;
  return hasEnded && !tokens.refreshToken ? withFault('TOKEN_EXPIRED', error) : error;
}

async function renewLocked(
  context: Context,
  manager: EntityManager,
  { connection, needsRenewal }: Renewal,
): Promise<Access | Broken> {
  const { services } = context;
  const access = readAccess(context, connection);
  if (!needsRenewal(connection)) return access;
  try {
    const tokens = await access.provider.refresh(access.tokens);
    const change = { ...sealTokens(services.sealer, connection, tokens), version: connection.version + 1 };
    const { id, organizationId } = connection;
    await manager.update(ConnectionEntity, { id, organizationId }, change);
    observeTokenRenewal(access.provider.id, 'renewed');
    return { ...access, connection: { ...connection, ...change }, tokens };
  } catch (error) {
    observeTokenRenewal(access.provider.id, error instanceof ReconnectRequired ? 'refused' : 'failed');
    if (!(error instanceof ReconnectRequired)) throw error;
    const judged = unlessClockIsWrong(access.provider.name, markExpired(error, access, services.now()));
    if (judged instanceof ReconnectRequired) return { connection, error: judged };
    throw judged;
  }
}

/**
 * Renews tokens behind a row lock: of concurrent workers one calls the provider. New tokens are stored before they are
 * used. Returns undefined when the row is locked and `skipsLocked`. Throws ReconnectRequired, once recorded.
 */
async function renew(
  context: Context,
  { connection: { id, organizationId }, needsRenewal, skipsLocked }: Renewal & { skipsLocked: boolean },
): Promise<Access | undefined> {
  const lockAndRenew = async (manager: EntityManager) => {
    const connection: Connection | null = await manager.findOne(ConnectionEntity, {
      where: { id, organizationId },
      lock: { mode: 'pessimistic_write', ...(skipsLocked && { onLocked: 'skip_locked' }) },
    });
    if (connection) return renewLocked(context, manager, { connection, needsRenewal });
    if (skipsLocked) return undefined;
    throw new NotFound('connection');
  };
  const result = await context.slowTransaction(lockAndRenew);
  if (!result || 'tokens' in result) return result;
  await requireReconnect(context, result);
  throw result.error;
}

/**
 * Renews the tokens of a connection that still needs it once its row is locked. Throws what `Provider.refresh` throws.
 */
export async function renewTokens(context: Context, renewal: Renewal): Promise<Access> {
  const { renewals } = context;
  const { connection, needsRenewal } = renewal;
  // Callers in a process share a renewal: each waiting for the lock would hold a database connection.
  const pending = renewals.get(connection.id);
  const renewed = pending && (await pending);
  if (renewed && !needsRenewal(renewed.connection)) return renewed;
  const result = renew(context, { ...renewal, skipsLocked: false }) as Promise<Access>;
  renewals.set(connection.id, result);
  try {
    return await result;
  } finally {
    if (renewals.get(connection.id) === result) renewals.delete(connection.id);
  }
}

/** Renews the tokens of a connection unless another worker does. */
export async function renewUnlessLocked(context: Context, renewal: Renewal): Promise<void> {
  await renew(context, { ...renewal, skipsLocked: true });
}
