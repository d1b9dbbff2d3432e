import type { Context } from '#integrations/context.js';
import type { Connection } from '#integrations/entities/connection.js';
import type { ProviderQuotaModel } from '#integrations/models.js';
import { placeOf } from '#integrations/quota/limit-book.js';
import { tightestOf } from '#integrations/quota/tightest-limit.js';

/**
 * Returns how much of its limits at the provider a connection has used: of the limit that is closest to its end, the
 * person's or that of an account. null when nothing is known. Limits of the app as a whole are the operator's to know.
 */
export async function findConnectionQuota(
  { services, limitBook, accountsByConnection }: Pick<Context, 'services' | 'limitBook' | 'accountsByConnection'>,
  { id: connectionId, organizationId, providerId }: Connection,
): Promise<ProviderQuotaModel | null> {
  const accounts = await accountsByConnection.load(connectionId);
  const owners = ['person' as const, ...accounts.map(({ externalId }) => ({ account: externalId }))];
  const places = owners.flatMap((owner) => placeOf(providerId, owner, { organizationId, connectionId }) ?? []);
  const limits = await limitBook.read(places);
  return tightestOf(
    limits.flatMap((own) => Object.values(own)),
    services.now().getTime(),
  );
}
