import type { Equipment } from '#integrations/equipment.js';
import { syncSoon } from '#integrations/services/shared/sync-soon.js';
import { listDueConnections } from '#integrations/services/tokens/list-due-connections.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/** Has the accounts of every connection read about once a day, spread over it. */
export function syncConnectionsJob(equipment: Equipment): JobDefinition {
  return {
    name: 'integrations.sync-connections',
    schedule: '1 hour',
    run: async () => {
      for (const connection of await listDueConnections(equipment)) await syncSoon(equipment, connection);
    },
  };
}
