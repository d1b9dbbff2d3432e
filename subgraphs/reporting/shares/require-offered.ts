import type { ServiceContext } from '#reporting/context.js';
import { ReportShareEntity } from '#reporting/entities/report-share.js';
import { NotFound } from '#runtime/errors.js';
import { isActive } from './find-share.js';

/** Throws NotFound unless the share link of the caller opens this report now, and offers files of this format. */
export async function requireOffered(
  { services, database, identity }: ServiceContext,
  { reportId, format }: { reportId: string; format: string },
): Promise<void> {
  const { organizationId, share: opened } = identity;
  if (!organizationId || opened?.reportId !== reportId) throw new NotFound('report');
  const where = { id: opened.shareId, organizationId, reportId };
  const share = await database.manager.findOneBy(ReportShareEntity, where);
  if (!share || !isActive(share, services.now()) || !share.formats.some((offered) => offered === format))
    throw new NotFound('report');
}
