import type { JobDefinition } from '../../../ops/runtime/jobs/jobs.js';
import type { Equipment } from '../equipment.js';
import { listDueConnections } from '../services/list-due-connections.js';
import { syncSoon } from '../services/sync-soon.js';

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
