import type { ServiceContext } from '#reporting/context.js';
import type { ReportShare } from '#reporting/entities/report-share.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { addressKey } from '#runtime/identity/address-key.js';
import { isPassword } from '#runtime/passwords/password.js';
import { bearerOf, findShare } from './find-share.js';
import { closedPage, lockedPage, type SharedPage } from './page/share-pages.js';
import { signAccess } from './share-access.js';

const WINDOW_SECONDS = 15 * 60;
const GUESSES = { name: 'share-password', points: 5, windowSeconds: WINDOW_SECONDS };
/** From all addresses together: who changes them gets no more. */
const GUESSES_OF_LINK = { name: 'share-password-of-link', points: 20, windowSeconds: WINDOW_SECONDS };

/** The password of a share link, as entered. */
export interface Attempt {
  token: string;
  password: string;
  acceptLanguage?: string | null;
}

/** The answer to a password. */
export interface Unlocked {
  /** A token for `viewSharedReport`; null unless the password was right. */
  access: string | null;
  /** The page to show instead. */
  page: SharedPage | null;
  /** Seconds to wait, after too many attempts. */
  retryAfter: number | null;
}

/** Counts an attempt before it is checked, so that concurrent ones are counted, too. Returns seconds to wait, or null. */
async function countAttempt(
  { services: { rateLimits }, identity: { client } }: ServiceContext,
  { id }: ReportShare,
): Promise<{ retryAfter: number | null; forgive(): Promise<void> }> {
  const ofAddress = rateLimits.open(GUESSES);
  const ofLink = rateLimits.open(GUESSES_OF_LINK);
  const key = `${id} ${addressKey(client?.address ?? '')}`;
  const standing = await ofAddress.count(key);
  // What is refused here uses up nothing for others.
  const refused = standing.isAllowed ? await ofLink.count(id) : standing;
  return {
    retryAfter: refused.isAllowed ? null : refused.resetSeconds,
    forgive: async () => void (await Promise.all([ofAddress.forget(key), ofLink.giveBack(id, 1)])),
  };
}

/**
 * Takes the password of a share link: at most 5 attempts from an address, and 20 from all, in a quarter of an hour. Wrong ones are
 * recorded. Throws as `hashInTurn` does.
 */
export async function unlockSharedReport(
  context: ServiceContext,
  { token, password, acceptLanguage }: Attempt,
): Promise<Unlocked> {
  const { database, identity } = context;
  const share = await findShare(context, { token });
  if (!share) return { access: null, page: closedPage(acceptLanguage), retryAfter: null };
  const { id, organizationId, passwordHash } = share;
  if (passwordHash === null) return { access: await signAccess(context, share), page: null, retryAfter: null };
  const { retryAfter, forgive } = await countAttempt(context, share);
  if (retryAfter !== null) {
    return { access: null, page: lockedPage({ acceptLanguage, token, problem: 'share.passwordLater' }), retryAfter };
  }
  if (await isPassword(context, { password, passwordHash })) {
    await forgive();
    return { access: await signAccess(context, share), page: null, retryAfter: null };
  }
  const target = { type: 'ReportShare', id };
  await database.transaction((manager) =>
    recordAudit(manager, bearerOf(share, identity), { organizationId, action: 'report-share.refused', target }),
  );
  return {
    access: null,
    page: lockedPage({ acceptLanguage, token, problem: 'share.passwordWrong' }),
    retryAfter: null,
  };
}
