import type { Context } from '#integrations/context.js';
import type { Connection } from '#integrations/entities/connection.js';
import type { ProviderQuotaModel } from '#integrations/models.js';
import { tightestOf } from '#integrations/quota/limit-state.js';
import { limitsKey } from '#integrations/quota/provider-limit-store.js';

/** Returns the use of a connection's tightest known limit. Limits of the app as a whole are the operator's. */
export async function findConnectionQuota(
  { services, limits, accountsByConnection }: Context,
  { id: connectionId, organizationId, providerId }: Connection,
): Promise<ProviderQuotaModel | null> {
  const accounts = await accountsByConnection.load(connectionId);
  const owners = ['person' as const, ...accounts.map(({ externalId }) => ({ account: externalId }))];
  const keys = owners.flatMap((owner) => limitsKey(providerId, owner, { organizationId, connectionId }) ?? []);
  const known = await limits.read(keys);
  return tightestOf(
    known.flatMap((own) => Object.values(own)),
    services.now().getTime(),
  );
}
