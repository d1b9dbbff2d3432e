import type { PauseReason } from '#reporting/entities/report-schedule.js';
import { findSurplus } from '#runtime/entitlements/find-surplus.js';
import { type AppError, SubscriptionRequired } from '#runtime/errors.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { Services } from '#runtime/services.js';

/** Counts what the limit SCHEDULES bounds: all schedules, whether or not they are paused. */
export async function countSchedules(
  database: SqlDatabase,
  { organizationId }: { organizationId: string },
): Promise<number> {
  const [row] = await database.query<{ count: number }[]>(
    'SELECT count(*)::int AS count FROM reporting.report_schedule WHERE organization_id = $1',
    [organizationId],
  );
  return row?.count ?? 0;
}

/** Why a schedule has no runs: beside what is stored with it, what the organization's plan allows now. */
export type ShownPause = PauseReason | 'LIMIT_REACHED' | 'SUBSCRIPTION_REQUIRED';

/** What the plan of an organization pauses. */
export interface PlanPauses {
  /** Returns why the plan pauses a schedule; null = it does not. */
  of(scheduleId: string): AppError | null;
}

/**
 * Returns what the plan of an organization pauses: every schedule while it can only read, else those that are more than the plan allows,
 * the newest unless an owner has chosen others. They run again by themselves once the plan allows it.
 */
export async function planPauses(
  { services, database }: { services: Services; database: SqlDatabase },
  { organizationId }: { organizationId: string },
): Promise<PlanPauses> {
  const { access } = await services.entitlements.of(organizationId);
  if (access === 'READ_ONLY') return { of: () => new SubscriptionRequired() };
  const list = async () => {
    const rows = await database.query<{ id: string }[]>(
      'SELECT id FROM reporting.report_schedule WHERE organization_id = $1 ORDER BY created_at, id',
      [organizationId],
    );
    return rows.map(({ id }) => id);
  };
  const { ids, refusal } = await findSurplus(services, { organizationId, limit: 'SCHEDULES', list });
  return { of: (scheduleId) => (ids.has(scheduleId) ? refusal() : null) };
}
