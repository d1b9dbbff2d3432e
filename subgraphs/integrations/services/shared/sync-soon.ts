import type { Connection } from '#integrations/entities/connection.js';
import type { Equipment } from '#integrations/equipment.js';

/** The job that brings the accounts of one connection up to date. */
export const SYNC_CONNECTION = 'integrations.sync-connection';

/** Has the accounts of a connection read again in the background; once, however many ask for it. */
export async function syncSoon(
  { services }: Equipment,
  { id, organizationId }: Pick<Connection, 'id' | 'organizationId'>,
): Promise<void> {
  await services.jobs.enqueue(SYNC_CONNECTION, { key: id, connectionId: id, organizationId });
}
