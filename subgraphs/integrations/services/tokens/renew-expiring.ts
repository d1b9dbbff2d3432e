import { LessThan } from 'typeorm';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import type { Equipment } from '#integrations/equipment.js';
import { ReconnectRequired } from '#integrations/errors.js';
import { inParallel } from '#integrations/providers/in-parallel.js';
import type { Provider } from '#integrations/providers/provider.js';
import { recordFailure } from '#integrations/services/health/record-connection-fault.js';
import { renewUnlessLocked } from './renew-tokens.js';

const RENEWALS_AT_ONCE = 4;

async function renewExpiringOf(equipment: Equipment, provider: Provider): Promise<void> {
  const { database, services } = equipment;
  const limit = new Date(services.now().getTime() + provider.renewBeforeMs);
  const expiring: Connection[] = await database.manager.find(ConnectionEntity, {
    where: { providerId: provider.id, status: 'ACTIVE', expiresAt: LessThan(limit) },
    order: { expiresAt: 'ASC' },
  });
  const isExpiring = ({ status, expiresAt }: Connection) =>
    status === 'ACTIVE' && expiresAt !== null && expiresAt < limit;
  await inParallel(expiring, RENEWALS_AT_ONCE, async (connection) => {
    try {
      await renewUnlessLocked(equipment, connection, isExpiring);
    } catch (error) {
      const { id, organizationId } = connection;
      await recordFailure(equipment, connection, error);
      services.logger.warn(
        { err: error, connectionId: id, organizationId },
        'The tokens of a connection were not renewed',
      );
      // What only the person can mend is told where it is recorded.
      if (error instanceof ReconnectRequired) return;
      services.alerts.raise({
        category: 'oauth',
        key: `renewal-failed ${provider.id}`,
        message: `Tokens of ${provider.id} are not renewed: look at the error. They are tried again by the next run.`,
        error,
        organizationId,
        details: { connectionId: id },
      });
    }
  });
}

/**
 * Renews every access token that ends soon, of all organizations. Safe with many workers: what one renews the others
 * leave alone. What fails is tried again by the next run, and when the connection is used.
 */
export async function renewExpiring(equipment: Equipment): Promise<void> {
  await Promise.all(equipment.providers.all.map((provider) => renewExpiringOf(equipment, provider)));
}
