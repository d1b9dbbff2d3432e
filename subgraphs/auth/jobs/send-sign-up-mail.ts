import type { DataSource } from 'typeorm';
import { SEND_SIGN_UP_MAIL, type SignUpMailRequest } from '#auth/services/sign-up/request-sign-up.js';
import { queueSignUpMail } from '#auth/services/sign-up/send-sign-up-mail.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import type { Services } from '#runtime/services.js';

/** Mails the link that completes a sign-up, or tells the owner of its address that they have an account. */
export function sendSignUpMailJob(services: Services, database: DataSource): JobDefinition<SignUpMailRequest> {
  return {
    name: SEND_SIGN_UP_MAIL,
    run: async (request, run) => {
      await run.once(database, (manager) => queueSignUpMail(services, manager, request));
      await deliverSoon(services);
    },
  };
}
