import { Not } from 'typeorm';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import type { Equipment } from '#integrations/equipment.js';
import type { JobRun } from '#runtime/jobs/jobs.js';
import { forgetConnection, revokeAccess } from './disconnect.js';

/** With the pauses between attempts, a provider that is away is waited for about an hour and a half. */
const ATTEMPTS = 11;

/** Returns whether the access is given back, or given up. */
async function giveBack(equipment: Equipment, connection: Connection, attempt: number): Promise<boolean> {
  try {
    await revokeAccess(equipment, connection);
    return true;
  } catch (error) {
    const { id: connectionId, organizationId, providerId } = connection;
    const isGivenUp = attempt >= ATTEMPTS;
    const what = isGivenUp ? 'is given up: the person can revoke it at the provider' : 'will be tried again';
    const about = { err: error, connectionId, organizationId, providerId, attempt };
    equipment.services.logger.warn(
      about,
      `The access of an organization that is deleted could not be revoked and ${what}`,
    );
    return isGivenUp;
  }
}

/**
 * Gives back whatever access an organization has at providers, before it is erased. A provider that is away is asked again
 * in later attempts, but not for ever. Throws when some access is left for the next attempt.
 */
export async function revokeEverything(
  equipment: Equipment,
  organizationId: string,
  { attempt, signal }: Pick<JobRun, 'attempt' | 'signal'>,
): Promise<void> {
  const where = { organizationId, status: Not('DISCONNECTED' as const) };
  const connections = await equipment.database.manager.findBy(ConnectionEntity, where);
  let left = 0;
  for (const connection of connections) {
    signal.throwIfAborted();
    // Forgotten afterwards: whoever dies in between finds the tokens again. Revoked twice is revoked.
    if (await giveBack(equipment, connection, attempt))
      await forgetConnection(equipment, undefined, organizationId, connection.id);
    else left += 1;
  }
  if (left > 0) throw new Error(`${left} of ${connections.length} connections could not be revoked yet.`);
}
