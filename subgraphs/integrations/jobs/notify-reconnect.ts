import type { Equipment } from '#integrations/equipment.js';
import { listDueNotices, notifyReconnect } from '#integrations/services/tokens/notify-reconnect.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/**
 * Tells people of connections they must renew. On a schedule rather than on demand: what is due stands in the database, so
 * that whatever dies when, nobody is forgotten and nobody is told twice.
 */
export function notifyReconnectJob(equipment: Equipment): JobDefinition {
  return {
    name: 'integrations.notify-reconnect',
    schedule: '1 minute',
    run: async () => {
      const failures: unknown[] = [];
      for (const connection of await listDueNotices(equipment)) {
        await notifyReconnect(equipment, connection).catch((error) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, 'Some people were not told to connect again');
    },
  };
}
