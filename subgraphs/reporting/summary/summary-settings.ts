import type { ServiceContext } from '#reporting/context.js';
import { type SummarySettings, SummarySettingsEntity } from '#reporting/entities/summary-settings.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Forbidden } from '#runtime/errors.js';

type Settings = Pick<SummarySettings, 'isWordedByModel'>;

/** A model may, until an administrator says otherwise: the operator decides whether there is one. */
const DEFAULTS: Settings = { isWordedByModel: true };

/** Returns how summaries of an organization's reports are worded. */
export async function getSummarySettings(
  { database }: Pick<ServiceContext, 'database'>,
  { organizationId }: { organizationId: string },
): Promise<Settings> {
  return (await database.manager.findOneBy(SummarySettingsEntity, { organizationId })) ?? DEFAULTS;
}

/** Sets how summaries of the caller's organization are worded from now on, and returns it. Repeatable. Throws Forbidden for a service. */
export async function setReportSummary(
  { services, database, identity }: ServiceContext,
  { isWordedByModel }: Settings,
): Promise<{ id: string }> {
  const { organizationId } = identity;
  if (!organizationId) throw new Forbidden('Only a member can set how summaries are worded.');
  const updatedAt = services.now();
  await database.transaction(async (manager) => {
    const settings = manager.getRepository(SummarySettingsEntity);
    // Two administrators at once: the second waits for the row of the first.
    await settings
      .createQueryBuilder()
      .insert()
      .values({ organizationId, ...DEFAULTS, updatedAt })
      .orIgnore()
      .execute();
    const before = await settings.findOneOrFail({ where: { organizationId }, lock: { mode: 'pessimistic_write' } });
    if (before.isWordedByModel === isWordedByModel) return;
    await settings.update({ organizationId }, { isWordedByModel, updatedAt });
    await recordAudit(manager, identity, {
      organizationId,
      action: 'report-summary.changed',
      target: { type: 'Organization', id: organizationId },
      before: { isWordedByModel: before.isWordedByModel },
      after: { isWordedByModel },
    });
  });
  return { id: organizationId };
}
