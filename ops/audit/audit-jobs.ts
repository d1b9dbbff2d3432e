import { recordVerification } from '#runtime/health/verifications.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';
import { CheckpointSigner } from './checkpoint.js';
import { openCheckpointBucket } from './checkpoint-bucket.js';
import { openCheckpointFolder } from './checkpoint-folder.js';
import { openCheckpointTable } from './checkpoint-table.js';
import type { AuditAccess } from './inspect-trail.js';
import { snapshotsOf } from './snapshots.js';
import { trimTrails } from './trim-trails.js';
import { type DamagedTrail, writeCheckpoints } from './write-checkpoints.js';

/** Returns the jobs' access to trails and checkpoints. The bucket is only written to; `npm run audit` reads it. */
export async function openAuditAccess({ operations, config, secrets }: Services): Promise<AuditAccess> {
  const { s3 } = config.backup;
  const bucket = s3 ? [{ ...(await openCheckpointBucket(s3)), of: async () => [], organizations: async () => [] }] : [];
  return {
    snapshots: snapshotsOf(operations),
    stores: [...bucket, openCheckpointFolder(config.dataDir), openCheckpointTable(operations)],
    signer: new CheckpointSigner(secrets),
  };
}

function raiseDamage({ alerts }: Services, damaged: DamagedTrail[]): void {
  for (const { organizationId, problem } of damaged) {
    alerts.raise({
      category: 'database',
      key: `audit-damaged ${organizationId}`,
      runbook: 'audit-trail-damaged',
      message: `The audit trail of ${organizationId} was changed from event ${problem.sequence} on: run npm run audit -- verify.`,
      details: { organizationId, ...problem },
    });
  }
}

/** Returns the jobs that sign the ends of audit trails hourly and remove old events daily. */
export function auditJobs(services: Services): JobDefinition[] {
  const { operations, config, logger, now } = services;
  const checkpoint: JobDefinition = {
    name: 'audit.checkpoint',
    schedule: '1 hour',
    concurrency: 1,
    run: async () => {
      const { signed, damaged } = await writeCheckpoints(await openAuditAccess(services), operations, now);
      if (signed > 0) logger.info({ signed }, `Signed ${signed} checkpoints of audit trails`);
      await recordVerification(operations, 'audit', { finishedAt: now(), problems: damaged.length });
      raiseDamage(services, damaged);
    },
  };
  const trim: JobDefinition = {
    name: 'audit.trim',
    schedule: '40 4 * * *',
    concurrency: 1,
    run: async () => {
      const { removed, damaged } = await trimTrails(await openAuditAccess(services), operations, {
        ...config.audit,
        now,
      });
      if (removed > 0) logger.info({ removed }, `Removed ${removed} old audit events`);
      raiseDamage(services, damaged);
    },
  };
  return [checkpoint, trim];
}
