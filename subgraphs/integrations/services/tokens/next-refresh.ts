import type { Context } from '#integrations/context.js';
import type { Connection } from '#integrations/entities/connection.js';

/** Returns when the job renews the access token of a connection; null when it does not. */
export function nextRefresh({ providers }: Context, { providerId, status, expiresAt }: Connection): Date | null {
  const provider = providers.find(providerId);
  if (status !== 'ACTIVE' || !expiresAt || !provider) return null;
  return new Date(expiresAt.getTime() - provider.renewBeforeMs);
}
