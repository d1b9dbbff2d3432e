import type { EntityManager } from 'typeorm';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import type { Access, Equipment } from '#integrations/equipment.js';
import { ReconnectRequired } from '#integrations/errors.js';
import { withFault } from '#integrations/faults/fault-of.js';
import { NotFound } from '#runtime/errors.js';
import { readAccess } from './read-access.js';
import { requireReconnect } from './require-reconnect.js';
import { unlessClockIsWrong } from './second-refusal.js';
import { sealTokens } from './token-seal.js';

type Needs = (connection: Connection) => boolean;

/** A connection that could not be renewed for good, as it was when that was found out. */
interface Broken {
  connection: Connection;
  error: ReconnectRequired;
}

/** Without a refresh token nothing renews an access token that has ended: then it is known what happened. */
function markExpired(error: ReconnectRequired, { tokens }: Access, now: Date): ReconnectRequired {
  const hasEnded = tokens.expiresAt !== null && tokens.expiresAt <= now;
  return hasEnded && !tokens.refreshToken ? withFault('TOKEN_EXPIRED', error) : error;
}

async function renewLocked(
  equipment: Equipment,
  manager: EntityManager,
  connection: Connection,
  needsRenewal: Needs,
): Promise<Access | Broken> {
  const access = readAccess(equipment, connection);
  if (!needsRenewal(connection)) return access;
  try {
    const tokens = await access.provider.refresh(access.tokens);
    const change = { ...sealTokens(equipment.services.sealer, connection, tokens), version: connection.version + 1 };
    const { id, organizationId } = connection;
    await manager.update(ConnectionEntity, { id, organizationId }, change);
    return { ...access, connection: { ...connection, ...change }, tokens };
  } catch (error) {
    if (!(error instanceof ReconnectRequired)) throw error;
    const judged = unlessClockIsWrong(access.provider.name, markExpired(error, access, equipment.services.now()));
    if (judged instanceof ReconnectRequired) return { connection, error: judged };
    throw judged;
  }
}

/**
 * Renews the tokens of one connection behind a row lock, so that of many workers one asks the provider; the others find
 * the new tokens when their turn comes. New tokens are stored before anybody uses them. Returns undefined when
 * `skipsLocked` and another one has its turn. Throws ReconnectRequired, and records it, when only the person can help.
 */
async function renew(
  equipment: Equipment,
  { id, organizationId }: Pick<Connection, 'id' | 'organizationId'>,
  needsRenewal: Needs,
  skipsLocked: boolean,
): Promise<Access | undefined> {
  const lockAndRenew = async (manager: EntityManager) => {
    const connection: Connection | null = await manager.findOne(ConnectionEntity, {
      where: { id, organizationId },
      lock: { mode: 'pessimistic_write', ...(skipsLocked && { onLocked: 'skip_locked' }) },
    });
    if (connection) return renewLocked(equipment, manager, connection, needsRenewal);
    if (skipsLocked) return undefined;
    throw new NotFound('connection');
  };
  const outcome = await equipment.renewalTurns.run(() => equipment.database.transaction(lockAndRenew));
  if (!outcome || 'tokens' in outcome) return outcome;
  await requireReconnect(equipment, outcome.connection, outcome.error);
  throw outcome.error;
}

/** Renews the tokens of a connection if they still need it once it is our turn. Throws what the provider's `refresh` throws. */
export async function renewTokens(equipment: Equipment, connection: Connection, needsRenewal: Needs): Promise<Access> {
  const { renewals } = equipment;
  // Within one process nobody even waits for the lock: each waiting would hold a database connection.
  const underway = renewals.get(connection.id);
  const renewed = underway && (await underway);
  if (renewed && !needsRenewal(renewed.connection)) return renewed;
  const renewal = renew(equipment, connection, needsRenewal, false) as Promise<Access>;
  renewals.set(connection.id, renewal);
  try {
    return await renewal;
  } finally {
    if (renewals.get(connection.id) === renewal) renewals.delete(connection.id);
  }
}

/** The same for a job: a connection that somebody else renews right now is left to them. */
export async function renewUnlessLocked(equipment: Equipment, connection: Connection, needs: Needs): Promise<void> {
  await renew(equipment, connection, needs, true);
}
