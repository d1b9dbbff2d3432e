import type { Connection } from '#integrations/entities/connection.js';
import type { Equipment } from '#integrations/equipment.js';

/** Returns from when on the job renews the access token of a connection; null when it does not. */
export function nextRefresh({ providers }: Equipment, { providerId, status, expiresAt }: Connection): Date | null {
  const provider = providers.find(providerId);
  if (status !== 'ACTIVE' || !expiresAt || !provider) return null;
  return new Date(expiresAt.getTime() - provider.renewBeforeMs);
}
