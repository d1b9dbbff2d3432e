import type { Equipment } from '#integrations/equipment.js';
import { forgetAnswers } from '#integrations/services/ask/remember-answers.js';
import { forgetHealth } from '#integrations/services/health/connection-health.js';
import type { JobRun } from '#runtime/jobs/jobs.js';
import { revokeEverything } from './revoke-everything.js';

/** As long as a provider that is away is waited for. */
const ATTEMPTS = 11;

/** Returns once nothing is remembered any more. A cache that is away must not keep an organization from being erased. */
async function forget(equipment: Equipment, organizationId: string, attempt: number): Promise<void> {
  try {
    await forgetAnswers(equipment, organizationId);
    await forgetHealth(equipment, organizationId);
  } catch (error) {
    if (attempt < ATTEMPTS) throw error;
    equipment.services.logger.warn(
      { err: error, organizationId, attempt },
      'What is remembered of an organization that is deleted could not be reached: it ends by itself within a day',
    );
  }
}

/**
 * Does what comes before an organization's rows are erased: its access at providers is given back, and what they answered
 * is forgotten. Throws when something is left for the next attempt.
 */
export async function prepareErasure(
  equipment: Equipment,
  organizationId: string,
  run: Pick<JobRun, 'attempt' | 'signal'>,
): Promise<void> {
  await revokeEverything(equipment, organizationId, run);
  await forget(equipment, organizationId, run.attempt);
}
