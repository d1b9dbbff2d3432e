import type { DataSource } from 'typeorm';
import { PendingSignUpEntity } from '#auth/entities/pending-sign-up.js';
import { AppError } from '#runtime/errors.js';
import { addressKey } from '#runtime/identity/address-key.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import type { Newcomer } from './sign-up-input.js';

/** How long the link that completes a sign-up works. */
const SIGN_UP_TTL_MS = 24 * 60 * 60 * 1000;

/** The job that writes to whoever has the address. */
export const SEND_SIGN_UP_MAIL = 'auth.send-sign-up-mail';

/** What that job is told. */
export interface SignUpMailRequest {
  /** The attempt's id. */
  key: string;
  client?: Identity['client'];
  requestId: string;
}

/**
 * Writes a sign-up down, has a mail sent about it, and throws an AppError with `CONFIRMATION_REQUIRED`, always. Whether
 * somebody has the address is looked up later, in a job: up to the answer not a statement depends on it.
 */
export async function requestSignUp(
  services: Services,
  database: DataSource,
  { client, requestId }: Identity,
  newcomer: Newcomer,
): Promise<never> {
  const now = services.now();
  const { id } = await database.manager.save(PendingSignUpEntity, {
    ...newcomer,
    network: client ? addressKey(client.address) : 'unknown',
    tokenHash: null,
    wrongPasswords: 0,
    createdAt: now,
    mailedAt: null,
    expiresAt: new Date(now.getTime() + SIGN_UP_TTL_MS),
  });
  const request: SignUpMailRequest = { key: id, client, requestId };
  await services.jobs.enqueue(SEND_SIGN_UP_MAIL, { ...request });
  throw new AppError('Look into your mail: the link in it completes the sign-up.', 'CONFIRMATION_REQUIRED');
}
