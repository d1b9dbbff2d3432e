import { type DataSource, type EntityManager, LessThan, MoreThan, Raw } from 'typeorm';
import { type PendingSignUp, PendingSignUpEntity } from '#auth/entities/pending-sign-up.js';
import { isPassword } from '#auth/services/person/password.js';
import { isTakenAddress, lockAddress } from '#auth/services/person/taken-address.js';
import type { SignedIn } from '#auth/services/session/sign-in.js';
import { isUniqueViolation } from '#runtime/database/database.js';
import { InvalidInput } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { createAccount } from './create-account.js';
import type { Newcomer } from './sign-up-input.js';
import { hashSignUpToken } from './sign-up-token.js';

/** Who has the mail but did not sign up may guess the password a few times, and no more. */
const MAX_WRONG_PASSWORDS = 10;

type Attempt = PendingSignUp & Newcomer;

function notValid(): InvalidInput {
  return new InvalidInput([{ argument: 'token', problem: 'is not valid (any more): sign up again' }]);
}

/** Returns the attempt behind a link, as long as its address is free. Throws InvalidInput. */
async function findAttempt(manager: EntityManager, token: string, now: Date): Promise<Attempt> {
  const attempt = await manager.findOneBy(PendingSignUpEntity, {
    tokenHash: hashSignUpToken(token),
    expiresAt: MoreThan(now),
    wrongPasswords: LessThan(MAX_WRONG_PASSWORDS),
  });
  if (!attempt?.passwordHash || (await isTakenAddress(manager, attempt.email, now))) throw notValid();
  return { ...attempt, passwordHash: attempt.passwordHash };
}

/** Throws InvalidInput unless it is the password the sign-up was made with. */
async function requirePasswordOf({ manager }: DataSource, { id, passwordHash }: Attempt, password: string) {
  // Counted before it is looked at: many at once must not have more tries than one after the other.
  const isLeft = { id, wrongPasswords: LessThan(MAX_WRONG_PASSWORDS) };
  const { affected } = await manager.increment(PendingSignUpEntity, isLeft, 'wrongPasswords', 1);
  if (!affected) throw notValid();
  if (await isPassword(password, passwordHash)) return;
  throw new InvalidInput([{ argument: 'password', problem: 'is not the one that was given at sign-up' }]);
}

/**
 * Makes the account of a sign-up for the token that was mailed and the password it was made with, and signs the person in.
 * Every other attempt with the address ends. Throws InvalidInput for a wrong password, and for a token that does not hold,
 * also because the address has an account by now.
 */
export async function completeSignUp(
  services: Services,
  database: DataSource,
  identity: Identity,
  { token, password }: { token: string; password: string },
): Promise<SignedIn> {
  const now = services.now();
  const attempt = await findAttempt(database.manager, token, now);
  await requirePasswordOf(database, attempt, password);
  const { id, email } = attempt;
  return database
    .transaction(async (manager) => {
      await lockAddress(manager, email);
      // Once: of several uses at the same time all but one find nothing to delete.
      const { affected } = await manager.delete(PendingSignUpEntity, { id });
      if (!affected || (await isTakenAddress(manager, email, now))) throw notValid();
      await manager.delete(PendingSignUpEntity, {
        email: Raw((column) => `lower(${column}) = lower(:email)`, { email }),
      });
      return createAccount(services, manager, identity, { ...attempt, emailVerifiedAt: now });
    })
    .catch((error) => {
      if (isUniqueViolation(error)) throw notValid();
      throw error;
    });
}
