import { createHash } from 'node:crypto';
import type { ServiceContext } from '#reporting/context.js';
import type { ReportShare } from '#reporting/entities/report-share.js';
import { Unauthenticated } from '#runtime/errors.js';
import { REPORT_SHARE_AUDIENCE, type ReportShareClaims } from '#runtime/identity/token-audiences.js';

const TTL_SECONDS = 60 * 60;

const fingerprintOf = (passwordHash: string) =>
  createHash('sha256').update(passwordHash).digest('base64url').slice(0, 16);

/** Returns a token which shows, for an hour, that the password of a share link was entered. */
export function signAccess(
  { services }: Pick<ServiceContext, 'services'>,
  { id: shareId, passwordHash }: ReportShare,
): Promise<string> {
  const claims: ReportShareClaims = { shareId, password: fingerprintOf(passwordHash ?? '') };
  return services.internalSigner.signClaims({ ...claims }, REPORT_SHARE_AUDIENCE, TTL_SECONDS);
}

/** Whether a share link opens without its password being entered now: it has none, or `access` is of `signAccess` for it. */
export async function isUnlocked(
  { services }: Pick<ServiceContext, 'services'>,
  { share: { id, passwordHash }, access }: { share: ReportShare; access: string | null | undefined },
): Promise<boolean> {
  if (passwordHash === null) return true;
  if (!access) return false;
  try {
    const { shareId, password } = await services.internalSigner.verifyClaims<ReportShareClaims>(
      access,
      REPORT_SHARE_AUDIENCE,
    );
    return shareId === id && password === fingerprintOf(passwordHash);
  } catch (error) {
    if (error instanceof Unauthenticated) return false;
    throw error;
  }
}
