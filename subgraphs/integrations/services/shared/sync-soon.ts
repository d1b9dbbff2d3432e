import type { Context } from '#integrations/context.js';
import type { Connection } from '#integrations/entities/connection.js';

/** The job that syncs the accounts of one connection. */
export const SYNC_CONNECTION = 'integrations.sync-connection';

/** Queues a sync of a connection's accounts; once, however often it is called meanwhile. */
export async function syncSoon(
  { services }: Context,
  { id, organizationId }: Pick<Connection, 'id' | 'organizationId'>,
): Promise<void> {
  await services.jobs.enqueue(SYNC_CONNECTION, { key: id, connectionId: id, organizationId });
}
