import { type JobDependencies, jobContext, type TransactionContext, within } from '#auth/context.js';
import { describeOrigin } from '#auth/mails/origin.js';
import { resetPasswordMail } from '#auth/mails/password-mails.js';
import { secondsUntilNextLink } from '#auth/services/link/limit-links.js';
import { issueLink } from '#auth/services/link/one-time-token.js';
import { type PasswordResetRequest, SEND_PASSWORD_RESET } from '#auth/services/password/request-password-reset.js';
import { findPersonByEmail } from '#auth/services/person/addresses.js';
import { anonymous } from '#runtime/identity/identity.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';

const purpose = 'RESET_PASSWORD';

/** Queues nothing for an unknown address or above the rate limit. */
async function queuePasswordReset(transaction: TransactionContext, { email }: PasswordResetRequest): Promise<void> {
  const { services, manager, identity } = transaction;
  const person = await findPersonByEmail(transaction, email);
  if (!person) {
    services.logger.audit({ address: identity.client?.address }, 'Password reset requested: unknown address');
    return;
  }
  const { id: personId, email: recipient } = person;
  if (await secondsUntilNextLink(transaction, { personId, purpose })) return;
  const url = await issueLink(transaction, { purpose, personId, email: recipient });
  const mail = resetPasswordMail(url, describeOrigin(transaction));
  await queueMail(manager, { recipient, kind: 'reset-password', ...mail });
}

/** Mails a password reset link, if the address has an account. */
export function sendPasswordResetJob(dependencies: JobDependencies): JobDefinition<PasswordResetRequest> {
  return {
    name: SEND_PASSWORD_RESET,
    run: async (request, run) => {
      const context = jobContext(dependencies, { ...anonymous(request.requestId), client: request.client });
      await run.once(context.database, (manager) => queuePasswordReset(within(context, manager), request));
      await deliverSoon(context.services);
    },
  };
}
