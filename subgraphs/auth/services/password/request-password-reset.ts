import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { emailAddress } from '#auth/services/person/account-input.js';
import type { Identity } from '#runtime/identity/identity.js';
import { parseInput } from '#runtime/parse-input.js';
import type { Services } from '#runtime/services.js';

/** The job that mails the link. */
export const SEND_PASSWORD_RESET = 'auth.send-password-reset';

/** What that job is told. */
export interface PasswordResetRequest {
  key: string;
  email: string;
  client?: Identity['client'];
  requestId: string;
}

const input = z.object({ email: emailAddress });

/**
 * Has a link mailed to whoever has this address, if anybody. Whether somebody has it is looked up later, in a job: the
 * answer is the same in words and in time. Throws InvalidInput for what is no address.
 */
export async function requestPasswordReset(
  { jobs }: Services,
  { client, requestId }: Identity,
  given: z.input<typeof input>,
): Promise<void> {
  const { email } = parseInput(input, given);
  const request: PasswordResetRequest = { key: randomUUID(), email, client, requestId };
  await jobs.enqueue(SEND_PASSWORD_RESET, { ...request });
}
