import { z } from 'zod';
import { createJobContext } from '#integrations/create-context.js';
import type { Dependencies } from '#integrations/dependencies.js';
import { syncAccounts } from '#integrations/services/connect/sync-accounts.js';
import { queueDueHistories } from '#integrations/services/history/queue-due-histories.js';
import { listDueConnections, SYNC_CONNECTION, syncSoon } from '#integrations/services/shared/queue-sync.js';
import { AppError } from '#runtime/errors.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { inBackground } from '#runtime/scope/priority.js';

/** Queues a sync of every connection about once a day. */
export function syncConnectionsJob(dependencies: Dependencies): JobDefinition {
  return {
    name: 'integrations.sync-connections',
    schedule: '1 hour',
    run: async () => {
      const context = createJobContext(dependencies);
      for (const connection of await listDueConnections(context)) await syncSoon(context, connection);
    },
  };
}

const dataSchema = z.object({ connectionId: z.uuid(), organizationId: z.uuid() });

/** Syncs the accounts of one connection. */
export function syncConnectionJob(dependencies: Dependencies): JobDefinition<z.output<typeof dataSchema>> {
  return {
    name: SYNC_CONNECTION,
    parse: (data) => dataSchema.parse(data),
    run: async ({ connectionId: id, organizationId }) => {
      const context = createJobContext(dependencies, organizationId);
      try {
        await inBackground(() => syncAccounts(context, { id, organizationId }));
        // New accounts, and those with another currency or time zone.
        await queueDueHistories(context, { organizationId });
      } catch (error) {
        // Recorded with the connection, which is retried within the hour.
        if (!(error instanceof AppError)) throw error;
        const { logger } = context.services;
        logger.info({ err: error, connectionId: id, organizationId }, 'Account sync failed');
      }
    },
  };
}
