import { mapAsync } from 'es-toolkit/array';
import { LessThan } from 'typeorm';
import type { Context } from '#integrations/context.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import { ReconnectRequired } from '#integrations/errors.js';
import type { Provider } from '#integrations/providers/provider.js';
import { recordFailure } from '#integrations/services/health/record-connection-fault.js';
import { renewUnlessLocked } from './renew-tokens.js';

const CONCURRENCY = 4;

async function renewTokensOf(context: Context, provider: Provider): Promise<void> {
  const { database, services } = context;
  const limit = new Date(services.now().getTime() + provider.renewBeforeMs);
  const expiring: Connection[] = await database.manager.find(ConnectionEntity, {
    where: { providerId: provider.id, status: 'ACTIVE', expiresAt: LessThan(limit) },
    order: { expiresAt: 'ASC' },
  });
  const needsRenewal = ({ status, expiresAt }: Connection) =>
    status === 'ACTIVE' && expiresAt !== null && expiresAt < limit;
  const renewOne = async (connection: Connection) => {
    try {
      await renewUnlessLocked(context, { connection, needsRenewal });
    } catch (error) {
      const { id, organizationId } = connection;
      await recordFailure(context, { connection, error });
      services.logger.warn({ err: error, connectionId: id, organizationId }, 'Token refresh failed');
      // Has raised an alert of its own.
      if (error instanceof ReconnectRequired) return;
      services.alerts.raise({
        category: 'oauth',
        key: `renewal-failed ${provider.id}`,
        runbook: 'tokens-not-renewed',
        message: `Tokens of ${provider.id} are not renewed: look at the error. They are tried again by the next run.`,
        error,
        organizationId,
        details: { connectionId: id },
      });
    }
  };
  await mapAsync(expiring, renewOne, { concurrency: CONCURRENCY });
}

/** Renews every access token that ends soon. Safe to run in many workers; failures are retried by the next run. */
export async function renewExpiringTokens(context: Context): Promise<void> {
  await Promise.all(context.providers.all.map((provider) => renewTokensOf(context, provider)));
}

/** Returns when the job renews an access token; null when it does not. */
export function nextRefresh({ providers }: Context, { providerId, status, expiresAt }: Connection): Date | null {
  const provider = providers.find(providerId);
  if (status !== 'ACTIVE' || !expiresAt || !provider) return null;
  return new Date(expiresAt.getTime() - provider.renewBeforeMs);
}
