import { Conflict, RateLimited } from '#runtime/errors.js';
import type { NotQueued, UnsolicitedKind } from '#runtime/mail/unsolicited-mail.js';

// Mail that one person causes at the address of another, and how much of it in 24 hours.

export const INVITATION: UnsolicitedKind = { kind: 'invitation', perMailbox: 5, perOrganization: 50, perPerson: 100 };

/** The confirmation of a sign-up, or the notice to the owner of the address. */
export const SIGN_UP: UnsolicitedKind = { kind: 'sign-up', perMailbox: 10 };

/** To the address of an account made without a confirmation. */
export const VERIFY_EMAIL: UnsolicitedKind = { kind: 'verify-email', perMailbox: 10, perPerson: 20 };

/** To the new address of an account. */
export const CONFIRM_EMAIL_CHANGE: UnsolicitedKind = { kind: 'confirm-email-change', perMailbox: 5, perPerson: 10 };

const limited: Record<Exclude<NotQueued['reason'], 'DECLINED'>, string> = {
  MAILBOX: 'This address was sent such mail several times today',
  ORGANIZATION: 'Your organization has sent as many invitations as it may in a day',
  PERSON: 'You have caused as much such mail as one person may in a day',
};

/** Throws Conflict for an address that declined such mail, RateLimited above a limit of the day. */
export function requireQueued(notQueued: NotQueued | null): void {
  if (!notQueued) return;
  if (notQueued.reason === 'DECLINED') throw new Conflict('This address has declined mail of this kind.');
  throw new RateLimited(`${limited[notQueued.reason]}: try again later.`, notQueued.seconds);
}
