import { z } from 'zod';
import type { Equipment } from '#integrations/equipment.js';
import { syncAccounts } from '#integrations/services/connect/sync-accounts.js';
import { SYNC_CONNECTION } from '#integrations/services/shared/sync-soon.js';
import { AppError } from '#runtime/errors.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { inBackground } from '#runtime/scope/priority.js';

const dataSchema = z.object({ connectionId: z.uuid(), organizationId: z.uuid() });

/** Brings the accounts of one connection up to date. */
export function syncConnectionJob(equipment: Equipment): JobDefinition<z.output<typeof dataSchema>> {
  return {
    name: SYNC_CONNECTION,
    parse: (data) => dataSchema.parse(data),
    run: async ({ connectionId: id, organizationId }) => {
      try {
        await inBackground(() => syncAccounts(equipment, { id, organizationId }));
      } catch (error) {
        // What the provider fails with is written down with the connection, which is tried again within the hour.
        if (!(error instanceof AppError)) throw error;
        const { logger } = equipment.services;
        logger.info({ err: error, connectionId: id, organizationId }, 'The accounts of a connection were not read');
      }
    },
  };
}
