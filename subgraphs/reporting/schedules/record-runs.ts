import type { EntityManager } from 'typeorm';
import { type ReportDelivery, ReportDeliveryEntity } from '#reporting/entities/report-delivery.js';
import type { ReportSchedule } from '#reporting/entities/report-schedule.js';

interface Runs {
  schedule: ReportSchedule;
  runs: Date[];
  state: ReportDelivery['state'];
  reason?: string;
  reportId?: string;
  now: Date;
}

/** Records runs of a locked schedule. Returns the ids of those that were not recorded before: each run is recorded once. */
export async function recordRuns(
  manager: EntityManager,
  { schedule, runs, state, reason, reportId, now }: Runs,
): Promise<string[]> {
  const { id: scheduleId, organizationId } = schedule;
  const { raw } = await manager
    .createQueryBuilder()
    .insert()
    .into(ReportDeliveryEntity)
    .values(
      runs.map((dueAt) => ({
        ...{ organizationId, scheduleId, dueAt, isExtra: false, state },
        ...{ reason: reason ?? null, reportId: reportId ?? null, isLinkedForSize: false, createdAt: now },
      })),
    )
    .orIgnore()
    .returning('id')
    .execute();
  return (raw as { id: string }[]).map(({ id }) => id);
}
