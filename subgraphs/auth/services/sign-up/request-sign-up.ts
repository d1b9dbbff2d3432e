import type { ServiceContext } from '#auth/context.js';
import { PendingSignUpEntity } from '#auth/entities/pending-sign-up.js';
import { AppError } from '#runtime/errors.js';
import { addressKey } from '#runtime/identity/address-key.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Newcomer } from './create-account.js';

const SIGN_UP_TTL_MS = 24 * 60 * 60 * 1000;

export const SEND_SIGN_UP_MAIL = 'auth.send-sign-up-mail';

export interface SignUpMailRequest {
  /** The sign-up's id. */
  key: string;
  client?: Identity['client'];
  requestId: string;
}

/**
 * Stores a sign-up for 24 hours and always throws CONFIRMATION_REQUIRED. The job looks up the account and mails: the
 * answer must not reveal it, not even by its time.
 */
export async function requestSignUp(
  { services, manager, identity }: ServiceContext,
  newcomer: Newcomer,
): Promise<never> {
  const { client, requestId } = identity;
  const now = services.now();
  const { id } = await manager.save(PendingSignUpEntity, {
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
