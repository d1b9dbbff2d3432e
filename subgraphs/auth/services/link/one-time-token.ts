import { createHash, randomBytes } from 'node:crypto';
import { type EntityManager, IsNull, MoreThan } from 'typeorm';
import { type OneTimeToken, OneTimeTokenEntity, type TokenPurpose } from '#auth/entities/one-time-token.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { InvalidInput } from '#runtime/errors.js';

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How long each kind of link holds. */
const LIFE_MS: Record<TokenPurpose, number> = {
  VERIFY_EMAIL: DAY_MS,
  RESET_PASSWORD: 30 * MINUTE_MS,
  CONFIRM_EMAIL_CHANGE: DAY_MS,
  // Longer than the others: whose account is being taken away may read mail once a week.
  STOP_EMAIL_CHANGE: 7 * DAY_MS,
};

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** Writes down a token that lets its bearer do one thing once, and returns it: 256 random bits. */
export async function issueOneTimeToken(
  manager: EntityManager,
  { purpose, personId, email, now }: { purpose: TokenPurpose; personId: string; email: string; now: Date },
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await manager.insert(OneTimeTokenEntity, {
    hash: hashOf(token),
    purpose,
    personId,
    email,
    createdAt: now,
    expiresAt: new Date(now.getTime() + LIFE_MS[purpose]),
    usedAt: null,
  });
  return token;
}

function notValid(): InvalidInput {
  return new InvalidInput([{ argument: 'token', problem: 'is not valid (any more): ask for a new link' }]);
}

const living = (token: string, purpose: TokenPurpose, now: Date) => ({
  hash: hashOf(token),
  purpose,
  usedAt: IsNull(),
  expiresAt: MoreThan(now),
});

/** Throws InvalidInput unless the token holds. Uses nothing up: for what is looked at before work that takes long. */
export async function requireOneTimeToken(
  manager: EntityManager,
  token: string,
  purpose: TokenPurpose,
  now: Date,
): Promise<OneTimeToken> {
  const found = await manager.findOneBy(OneTimeTokenEntity, living(token, purpose, now));
  if (!found) throw notValid();
  return found;
}

/**
 * Uses a token up and returns whose it is, locked, and the address it is about. Of several uses at the same time one
 * succeeds. Throws InvalidInput for all others.
 */
export async function useOneTimeToken(
  manager: EntityManager,
  token: string,
  purpose: TokenPurpose,
  now: Date,
): Promise<{ person: Person; email: string }> {
  const { personId, email } = await requireOneTimeToken(manager, token, purpose, now);
  // The person before their tokens, as everywhere: two changes of one account never wait for each other.
  const person = await manager.findOneOrFail(PersonEntity, {
    where: { id: personId },
    lock: { mode: 'pessimistic_write' },
  });
  const { affected } = await manager.update(OneTimeTokenEntity, living(token, purpose, now), { usedAt: now });
  if (affected !== 1) throw notValid();
  return { person, email };
}

/** Makes worthless what a person was sent before: every link, or those for one purpose. */
export async function withdrawOneTimeTokens(
  manager: EntityManager,
  personId: string,
  now: Date,
  purpose?: TokenPurpose,
): Promise<void> {
  const which = { personId, usedAt: IsNull(), ...(purpose && { purpose }) };
  await manager.update(OneTimeTokenEntity, which, { usedAt: now });
}
