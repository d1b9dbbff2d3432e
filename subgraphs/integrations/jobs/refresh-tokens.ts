import type { Equipment } from '#integrations/equipment.js';
import { renewExpiring } from '#integrations/services/tokens/renew-expiring.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { inBackground } from '#runtime/scope/priority.js';

/** Keeps connections working that nobody looks at: Meta's tokens cannot be renewed any more once they have ended. */
export function refreshTokensJob(equipment: Equipment): JobDefinition {
  return {
    name: 'integrations.refresh-tokens',
    schedule: '1 hour',
    run: () => inBackground(() => renewExpiring(equipment)),
  };
}
