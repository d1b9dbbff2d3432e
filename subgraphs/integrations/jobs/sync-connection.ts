import { z } from 'zod';
import { AppError } from '../../../ops/runtime/errors.js';
import type { JobDefinition } from '../../../ops/runtime/jobs/jobs.js';
import { inBackground } from '../../../ops/runtime/priority.js';
import type { Equipment } from '../equipment.js';
import { syncAccounts } from '../services/sync-accounts.js';
import { SYNC_CONNECTION } from '../services/sync-soon.js';

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
        const { logger } = equipment.runtime;
        logger.info({ err: error, connectionId: id, organizationId }, 'The accounts of a connection were not read');
      }
    },
  };
}
