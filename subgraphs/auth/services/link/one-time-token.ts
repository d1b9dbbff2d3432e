import { IsNull, MoreThan } from 'typeorm';
import type { ServiceContext, TransactionContext } from '#auth/context.js';
import { type OneTimeToken, OneTimeTokenEntity, type TokenPurpose } from '#auth/entities/one-time-token.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { InvalidInput } from '#runtime/errors.js';
import { type AccountPage, accountLink } from './account-link.js';
import { hashToken, newToken } from './token.js';

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const links: Record<TokenPurpose, { page: AccountPage; lifetimeMs: number }> = {
  VERIFY_EMAIL: { page: 'verify-email', lifetimeMs: DAY_MS },
  RESET_PASSWORD: { page: 'reset-password', lifetimeMs: 30 * MINUTE_MS },
  CONFIRM_EMAIL_CHANGE: { page: 'confirm-email-change', lifetimeMs: DAY_MS },
  // For an owner who reads mail once a week.
  STOP_EMAIL_CHANGE: { page: 'stop-email-change', lifetimeMs: 7 * DAY_MS },
};

interface Bearer {
  token: string;
  purpose: TokenPurpose;
}

/** Issues a token for one use and returns its URL. */
export async function issueLink(
  { services, manager }: TransactionContext,
  { purpose, personId, email }: { purpose: TokenPurpose; personId: string; email: string },
): Promise<string> {
  const token = newToken({ services });
  const { page, lifetimeMs } = links[purpose];
  const createdAt = services.now();
  await manager.insert(OneTimeTokenEntity, {
    hash: hashToken(token),
    purpose,
    personId,
    email,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + lifetimeMs),
    usedAt: null,
  });
  return accountLink(services, { page, token });
}

function notValid(): InvalidInput {
  return new InvalidInput([{ argument: 'token', problem: 'is not valid (any more): ask for a new link' }]);
}

const validToken = ({ services }: ServiceContext, { token, purpose }: Bearer) => ({
  hash: hashToken(token),
  purpose,
  usedAt: IsNull(),
  expiresAt: MoreThan(services.now()),
});

/** Returns a valid token without using it up. Throws InvalidInput for any other. */
export async function requireOneTimeToken(context: ServiceContext, bearer: Bearer): Promise<OneTimeToken> {
  const found = await context.manager.findOneBy(OneTimeTokenEntity, validToken(context, bearer));
  if (!found) throw notValid();
  return found;
}

/** Uses up a token and returns its person, locked, and address. Throws InvalidInput for an invalid one. */
export async function useOneTimeToken(
  transaction: TransactionContext,
  bearer: Bearer,
): Promise<{ person: Person; email: string }> {
  const { manager, services } = transaction;
  const { personId, email } = await requireOneTimeToken(transaction, bearer);
  // The person is locked before their tokens everywhere, against deadlocks.
  const person = await manager.findOneOrFail(PersonEntity, {
    where: { id: personId },
    lock: { mode: 'pessimistic_write' },
  });
  const usedAt = services.now();
  const { affected } = await manager.update(OneTimeTokenEntity, validToken(transaction, bearer), { usedAt });
  if (affected !== 1) throw notValid();
  return { person, email };
}

/** Invalidates a person's unused tokens, by default for every purpose. */
export async function withdrawOneTimeTokens(
  { services, manager }: TransactionContext,
  { personId, purpose }: { personId: string; purpose?: TokenPurpose },
): Promise<void> {
  const which = { personId, usedAt: IsNull(), ...(purpose && { purpose }) };
  await manager.update(OneTimeTokenEntity, which, { usedAt: services.now() });
}
