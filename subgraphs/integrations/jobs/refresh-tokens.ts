import type { JobDefinition } from '../../../ops/runtime/jobs/jobs.js';
import { inBackground } from '../../../ops/runtime/priority.js';
import type { Equipment } from '../equipment.js';
import { renewExpiring } from '../services/renew-expiring.js';

/** Keeps connections working that nobody looks at: Meta's tokens cannot be renewed any more once they have ended. */
export function refreshTokensJob(equipment: Equipment): JobDefinition {
  return {
    name: 'integrations.refresh-tokens',
    schedule: '1 hour',
    run: () => inBackground(() => renewExpiring(equipment)),
  };
}
