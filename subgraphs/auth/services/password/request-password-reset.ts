import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ServiceContext } from '#auth/context.js';
import { emailAddress } from '#auth/services/person/account-input.js';
import type { Identity } from '#runtime/identity/identity.js';
import { parseInput } from '#runtime/parse-input.js';

export const SEND_PASSWORD_RESET = 'auth.send-password-reset';

export interface PasswordResetRequest {
  key: string;
  email: string;
  client?: Identity['client'];
  requestId: string;
}

const input = z.object({ email: emailAddress });

/**
 * Requests a reset link by mail. The job looks up the account: the answer must not reveal it, not even by its time.
 * Throws InvalidInput.
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
