import type { Equipment } from '#integrations/equipment.js';
import { trimHistories } from '#integrations/services/history/trim-histories.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/** Forgets days that are older than an installation wants to keep. */
export function trimHistoriesJob(equipment: Equipment): JobDefinition {
  return { name: 'integrations.trim-histories', schedule: '1 day', run: () => trimHistories(equipment) };
}
