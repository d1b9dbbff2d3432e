import { MoreThan, Raw } from 'typeorm';
import { type JobDependencies, jobContext, type TransactionContext, within } from '#auth/context.js';
import { type PendingSignUp, PendingSignUpEntity } from '#auth/entities/pending-sign-up.js';
import { describeOrigin } from '#auth/mails/origin.js';
import { completeSignUpMail, signUpTriedMail } from '#auth/mails/sign-up-mails.js';
import { accountLink } from '#auth/services/link/account-link.js';
import { hashToken, newToken } from '#auth/services/link/token.js';
import { SIGN_UP } from '#auth/services/link/unsolicited-mails.js';
import { isTakenAddress, lockAddress } from '#auth/services/person/addresses.js';
import { SEND_SIGN_UP_MAIL, type SignUpMailRequest } from '#auth/services/sign-up/request-sign-up.js';
import { anonymous } from '#runtime/identity/identity.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueUnsolicited } from '#runtime/mail/unsolicited-mail.js';

const HOUR_MS = 60 * 60 * 1000;

/** Mails per hour to one address, requested from one network. */
const MAX_PER_NETWORK = 2;

/** The same from all networks: more, so that a stranger cannot use them up. */
const MAX_PER_ADDRESS = 6;

async function isRateLimited(
  { services, manager }: TransactionContext,
  { email, network }: PendingSignUp,
): Promise<boolean> {
  const mailed = await manager.findBy(PendingSignUpEntity, {
    email: Raw((column) => `lower(${column}) = lower(:email)`, { email }),
    mailedAt: MoreThan(new Date(services.now().getTime() - HOUR_MS)),
  });
  const ofNetwork = mailed.filter((other) => other.network === network);
  return mailed.length >= MAX_PER_ADDRESS || ofNetwork.length >= MAX_PER_NETWORK;
}

/**
 * Queues the confirmation link, or a notice to the owner of the address. Above the rate limits, or where such
 * mail was declined, it deletes the sign-up.
 */
async function queueSignUpMail(transaction: TransactionContext, { key: id }: SignUpMailRequest): Promise<void> {
  const { services, manager } = transaction;
  const attempt = await manager.findOneBy(PendingSignUpEntity, { id });
  if (!attempt) return;
  const { email } = attempt;
  await lockAddress(transaction, email);
  if (await isRateLimited(transaction, attempt)) {
    await manager.delete(PendingSignUpEntity, { id });
    return;
  }
  const mailedAt = services.now();
  const origin = describeOrigin(transaction);
  const isTaken = await isTakenAddress(transaction, email);
  const token = newToken({ services });
  const url = accountLink(services, { page: 'complete-sign-up', token });
  const notQueued = await queueUnsolicited(manager, SIGN_UP, {
    recipient: email,
    declineToken: newToken({ services }, 'wmd_'),
    render: (declineToken) => {
      const declineUrl = accountLink(services, { page: 'decline-mail', token: declineToken });
      return isTaken ? signUpTriedMail(origin, declineUrl) : completeSignUpMail(url, origin, declineUrl);
    },
  });
  if (notQueued) {
    await manager.delete(PendingSignUpEntity, { id });
    return;
  }
  // Of a taken address it is kept for the rate limit, without the password: that may be a guess of the owner's.
  const kept = isTaken ? { passwordHash: null } : { tokenHash: hashToken(token) };
  await manager.update(PendingSignUpEntity, { id }, { ...kept, mailedAt });
}

/** Mails the link that completes a sign-up, or a notice to the owner of the address. */
export function sendSignUpMailJob(dependencies: JobDependencies): JobDefinition<SignUpMailRequest> {
  return {
    name: SEND_SIGN_UP_MAIL,
    run: async (request, run) => {
      const context = jobContext(dependencies, { ...anonymous(request.requestId), client: request.client });
      await run.once(context.database, (manager) => queueSignUpMail(within(context, manager), request));
      await deliverSoon(context.services);
    },
  };
}
