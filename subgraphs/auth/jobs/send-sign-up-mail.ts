import type { DataSource } from 'typeorm';
import type { JobDefinition } from '../../../ops/runtime/jobs/jobs.js';
import { deliverSoon } from '../../../ops/runtime/mail/deliver-soon.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { SEND_SIGN_UP_MAIL, type SignUpMailRequest } from '../services/request-sign-up.js';
import { queueSignUpMail } from '../services/send-sign-up-mail.js';

/** Mails the link that completes a sign-up, or tells the owner of its address that they have an account. */
export function sendSignUpMailJob(runtime: Runtime, database: DataSource): JobDefinition<SignUpMailRequest> {
  return {
    name: SEND_SIGN_UP_MAIL,
    run: async (request, run) => {
      await run.once(database, (manager) => queueSignUpMail(runtime, manager, request));
      await deliverSoon(runtime);
    },
  };
}
