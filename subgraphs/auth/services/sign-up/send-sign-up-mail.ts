import { type EntityManager, MoreThan, Raw } from 'typeorm';
import { type PendingSignUp, PendingSignUpEntity } from '#auth/entities/pending-sign-up.js';
import { describeOrigin } from '#auth/mails/origin.js';
import { completeSignUpMail, signUpTriedMail } from '#auth/mails/sign-up-mails.js';
import { accountLink } from '#auth/services/link/account-link.js';
import { isTakenAddress, lockAddress } from '#auth/services/person/taken-address.js';
import { anonymous } from '#runtime/identity/identity.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';
import type { SignUpMailRequest } from './request-sign-up.js';
import { hashSignUpToken, newSignUpToken } from './sign-up-token.js';

const HOUR_MS = 60 * 60 * 1000;

/** Mails to one address in an hour that one network causes: the second is for whoever mistyped the first. */
const MAX_PER_NETWORK = 2;

/** Those that all networks cause: more than one of them has, so that a stranger uses up only their own. */
const MAX_PER_ADDRESS = 6;

async function wasWrittenToOften(manager: EntityManager, { email, network }: PendingSignUp, now: Date) {
  const mailed = await manager.findBy(PendingSignUpEntity, {
    email: Raw((column) => `lower(${column}) = lower(:email)`, { email }),
    mailedAt: MoreThan(new Date(now.getTime() - HOUR_MS)),
  });
  const ofNetwork = mailed.filter((other) => other.network === network);
  return mailed.length >= MAX_PER_ADDRESS || ofNetwork.length >= MAX_PER_NETWORK;
}

/**
 * Queues the mail about an attempt to sign up: a link that completes it, or, where somebody has the address, that they
 * have an account. Forgets the attempt without a mail when the address got several in the last hour, in either case.
 */
export async function queueSignUpMail(
  services: Services,
  manager: EntityManager,
  { key, client, requestId }: SignUpMailRequest,
): Promise<void> {
  const attempt = await manager.findOneBy(PendingSignUpEntity, { id: key });
  if (!attempt) return;
  const { id, email } = attempt;
  const now = services.now();
  await lockAddress(manager, email);
  if (await wasWrittenToOften(manager, attempt, now)) {
    await manager.delete(PendingSignUpEntity, { id });
    return;
  }
  const origin = describeOrigin({ ...anonymous(requestId), client }, now);
  if (await isTakenAddress(manager, email, now)) {
    // Kept to be counted, without what a stranger may have guessed of the account.
    await manager.update(PendingSignUpEntity, { id }, { passwordHash: null, mailedAt: now });
    await queueMail(manager, { recipient: email, kind: 'sign-up', ...signUpTriedMail(origin) });
    return;
  }
  const token = newSignUpToken();
  await manager.update(PendingSignUpEntity, { id }, { tokenHash: hashSignUpToken(token), mailedAt: now });
  const mail = completeSignUpMail(accountLink(services, 'complete-sign-up', token), origin);
  await queueMail(manager, { recipient: email, kind: 'sign-up', ...mail });
}
