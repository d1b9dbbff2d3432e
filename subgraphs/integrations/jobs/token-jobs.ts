import { createJobContext } from '#integrations/create-context.js';
import type { Dependencies } from '#integrations/dependencies.js';
import { renewExpiringTokens } from '#integrations/services/tokens/renew-expiring-tokens.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { inBackground } from '#runtime/scope/priority.js';

/** Renews tokens of unused connections, too: Meta's cannot be renewed after their expiry. */
export function refreshTokensJob(dependencies: Dependencies): JobDefinition {
  return {
    name: 'integrations.refresh-tokens',
    schedule: '1 hour',
    run: () => inBackground(() => renewExpiringTokens(createJobContext(dependencies))),
  };
}
