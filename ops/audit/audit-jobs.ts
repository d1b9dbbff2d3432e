import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Runtime } from '#runtime/runtime.js';
import { openAuditAccess } from './open-audit-access.js';
import { trimTrails } from './trim-trails.js';
import { type DamagedTrail, writeCheckpoints } from './write-checkpoints.js';

/** Tells operators of trails that somebody changed. */
function raiseDamage({ alerts }: Runtime, damaged: DamagedTrail[]): void {
  for (const { organizationId, problem } of damaged) {
    alerts.raise({
      category: 'database',
      key: `audit-damaged ${organizationId}`,
      message: `The audit trail of ${organizationId} was changed from event ${problem.sequence} on: run npm run audit -- verify.`,
      details: { organizationId, ...problem },
    });
  }
}

/** The work around audit trails: signing where they end, hourly, and removing what is too old, daily. */
export function auditJobs(runtime: Runtime): JobDefinition[] {
  const { operations, config, logger, now } = runtime;
  const checkpoint: JobDefinition = {
    name: 'audit.checkpoint',
    schedule: '1 hour',
    concurrency: 1,
    run: async () => {
      const { signed, damaged } = await writeCheckpoints(await openAuditAccess(runtime), operations, now);
      if (signed > 0) logger.info({ signed }, `Signed ${signed} checkpoints of audit trails`);
      raiseDamage(runtime, damaged);
    },
  };
  const trim: JobDefinition = {
    name: 'audit.trim',
    schedule: '40 4 * * *',
    concurrency: 1,
    run: async () => {
      const { removed, damaged } = await trimTrails(await openAuditAccess(runtime), operations, {
        ...config.audit,
        now,
      });
      if (removed > 0) logger.info({ removed }, `Removed ${removed} old audit events`);
      raiseDamage(runtime, damaged);
    },
  };
  return [checkpoint, trim];
}
