import { Not } from 'typeorm';
import type { Context } from '#integrations/context.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import { forgetHealth } from '#integrations/services/health/connection-health.js';
import type { JobRun } from '#runtime/jobs/jobs.js';
import { endConnection, revokeAccess } from './disconnect.js';

/** About an hour and a half, pauses included. */
const ATTEMPTS = 11;

interface Erasure extends Pick<JobRun, 'attempt' | 'signal'> {
  organizationId: string;
}

/** Returns whether the access is revoked or given up. */
async function revokeOrGiveUp(context: Context, connection: Connection, attempt: number): Promise<boolean> {
  try {
    await revokeAccess(context, connection);
    return true;
  } catch (error) {
    const { id: connectionId, organizationId, providerId } = connection;
    const isGivenUp = attempt >= ATTEMPTS;
    const next = isGivenUp ? 'given up: the user can revoke it at the provider' : 'will be retried';
    const about = { err: error, connectionId, organizationId, providerId, attempt };
    context.services.logger.warn(about, `Provider access of a deleted organization could not be revoked, ${next}`);
    return isGivenUp;
  }
}

async function revokeAll(context: Context, { organizationId, attempt, signal }: Erasure): Promise<void> {
  const where = { organizationId, status: Not('DISCONNECTED' as const) };
  const connections = await context.database.manager.findBy(ConnectionEntity, where);
  let left = 0;
  for (const connection of connections) {
    signal.throwIfAborted();
    // Ended after the revocation, which is idempotent: a crash in between keeps the tokens.
    if (await revokeOrGiveUp(context, connection, attempt)) await endConnection(context, connection);
    else left += 1;
  }
  if (left > 0) throw new Error(`${left} of ${connections.length} connections could not be revoked yet.`);
}

/** A cache that stays down must not prevent the erasure. */
async function clearCaches(context: Context, { organizationId, attempt }: Erasure): Promise<void> {
  try {
    await context.answerCache.forgetOrganization(organizationId);
    await forgetHealth(context, organizationId);
  } catch (error) {
    if (attempt < ATTEMPTS) throw error;
    const about = { err: error, organizationId, attempt };
    context.services.logger.warn(
      about,
      'Cache of a deleted organization could not be cleared: it expires within a day',
    );
  }
}

/**
 * Revokes an organization's access and clears its cached answers, before its rows are erased. Throws when something is
 * left for the next attempt.
 */
export async function prepareErasure(context: Context, erasure: Erasure): Promise<void> {
  await revokeAll(context, erasure);
  await clearCaches(context, erasure);
}
