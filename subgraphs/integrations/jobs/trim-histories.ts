import type { JobDefinition } from '../../../ops/runtime/jobs/jobs.js';
import type { Equipment } from '../equipment.js';
import { trimHistories } from '../services/trim-histories.js';

/** Forgets days that are older than an installation wants to keep. */
export function trimHistoriesJob(equipment: Equipment): JobDefinition {
  return { name: 'integrations.trim-histories', schedule: '1 day', run: () => trimHistories(equipment) };
}
