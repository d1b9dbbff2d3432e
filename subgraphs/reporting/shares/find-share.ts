import type { ServiceContext } from '#reporting/context.js';
import { type ReportShare, ReportShareEntity } from '#reporting/entities/report-share.js';
import { hashToken } from '#reporting/hash-token.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Whether a share link opens its report now. */
export function isActive({ revokedAt, expiresAt }: ReportShare, now: Date): boolean {
  return revokedAt === null && expiresAt > now;
}

/** Returns the share link with this token that opens its report now; null for one unknown, revoked or expired, without a difference. */
export async function findShare(
  { services, database }: ServiceContext,
  { token }: { token: string },
): Promise<ReportShare | null> {
  const share = await database.manager.findOneBy(ReportShareEntity, { tokenHash: hashToken(token) });
  return share && isActive(share, services.now()) ? share : null;
}

/** Returns the identity of the bearer of a share link: it may read one report. */
export function bearerOf(
  { id: shareId, reportId, organizationId }: ReportShare,
  { requestId, client }: Pick<Identity, 'requestId' | 'client'>,
): Identity {
  return { kind: 'share', organizationId, share: { shareId, reportId }, scopes: [], requestId, client };
}
