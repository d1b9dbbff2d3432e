import type { Context } from '#reporting/context.js';
import { type ReportShare, ReportShareEntity } from '#reporting/entities/report-share.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { NotFound } from '#runtime/errors.js';

/** Revokes a share link: it opens nothing from now on. Repeatable. Throws NotFound. */
export async function revokeReportShare(
  { services, database, identity, shareById }: Context,
  { shareId }: { shareId: string },
): Promise<ReportShare> {
  const seen = await shareById.load(shareId);
  if (!seen) throw new NotFound('share link');
  const { id, organizationId } = seen;
  return database.transaction(async (manager) => {
    const where = { id, organizationId };
    const share = await manager.findOne(ReportShareEntity, { where, lock: { mode: 'pessimistic_write' } });
    if (!share) throw new NotFound('share link');
    if (share.revokedAt) return share;
    const revokedAt = services.now();
    await manager.update(ReportShareEntity, where, { revokedAt });
    await recordAudit(manager, identity, {
      organizationId,
      action: 'report-share.revoked',
      target: { type: 'ReportShare', id },
      after: { reportId: share.reportId },
    });
    return { ...share, revokedAt };
  });
}
