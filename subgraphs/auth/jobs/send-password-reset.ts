import type { DataSource } from 'typeorm';
import { type PasswordResetRequest, SEND_PASSWORD_RESET } from '#auth/services/password/request-password-reset.js';
import { queuePasswordReset } from '#auth/services/password/send-password-reset.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import type { Services } from '#runtime/services.js';

/** Mails the link for a new password to whoever has the address it was asked for. */
export function sendPasswordResetJob(services: Services, database: DataSource): JobDefinition<PasswordResetRequest> {
  return {
    name: SEND_PASSWORD_RESET,
    run: async (request, run) => {
      await run.once(database, (manager) => queuePasswordReset(services, manager, request));
      await deliverSoon(services);
    },
  };
}
