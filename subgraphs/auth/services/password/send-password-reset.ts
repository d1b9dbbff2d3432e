import type { EntityManager } from 'typeorm';
import type { Person } from '#auth/entities/person.js';
import { describeOrigin } from '#auth/mails/origin.js';
import { resetPasswordMail } from '#auth/mails/reset-password.js';
import { accountLink } from '#auth/services/link/account-link.js';
import { secondsUntilNextLink } from '#auth/services/link/limit-links.js';
import { issueOneTimeToken } from '#auth/services/link/one-time-token.js';
import { findPersonByEmail } from '#auth/services/person/find-person.js';
import { anonymous } from '#runtime/identity/identity.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';
import type { PasswordResetRequest } from './request-password-reset.js';

/** Returns the address at which a person chooses a new password within the next 30 minutes. */
export async function newResetLink(
  services: Services,
  manager: EntityManager,
  { id, email }: Pick<Person, 'id' | 'email'>,
): Promise<string> {
  const token = await issueOneTimeToken(manager, {
    purpose: 'RESET_PASSWORD',
    personId: id,
    email,
    now: services.now(),
  });
  return accountLink(services, 'reset-password', token);
}

/** Queues the mail with that link for whoever has the address; nothing for nobody, or for somebody who got several just now. */
export async function queuePasswordReset(
  services: Services,
  manager: EntityManager,
  { email, client, requestId }: PasswordResetRequest,
): Promise<void> {
  const person = await findPersonByEmail(manager, email);
  if (!person) {
    services.logger.audit({ address: client?.address }, 'A new password was asked for an address nobody has');
    return;
  }
  const now = services.now();
  if (await secondsUntilNextLink(manager, person.id, 'RESET_PASSWORD', now)) return;
  const origin = describeOrigin({ ...anonymous(requestId), client }, now);
  const mail = resetPasswordMail(await newResetLink(services, manager, person), origin);
  await queueMail(manager, { recipient: person.email, kind: 'reset-password', ...mail });
}
