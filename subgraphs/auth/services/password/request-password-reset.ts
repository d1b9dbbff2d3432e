import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ServiceContext } from '#auth/context.js';
import { emailAddress } from '#auth/services/person/account-input.js';
import type { Identity } from '#runtime/identity/identity.js';
import { parseInput } from '#runtime/parse-input.js';

/** The job that mails the link. */
export const SEND_PASSWORD_RESET = 'auth.send-password-reset';

/** The data of that job. */
export interface PasswordResetRequest {
  key: string;
  email: string;
  client?: Identity['client'];
  requestId: string;
}

const input = z.object({ email: emailAddress });

/**
 * Queues the mail with a reset link. Whether the address has an account is looked up later, by the job: the answer must
 * not depend on it, not even in time. Throws InvalidInput for an invalid address.
 */
export async function requestPasswordReset(
  { services, identity }: ServiceContext,
  given: z.input<typeof input>,
): Promise<void> {
  const { email } = parseInput(input, given);
  const { client, requestId } = identity;
  const request: PasswordResetRequest = { key: randomUUID(), email, client, requestId };
  await services.jobs.enqueue(SEND_PASSWORD_RESET, { ...request });
}
