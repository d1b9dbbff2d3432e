import { LessThan, MoreThan, Raw } from 'typeorm';
import { inTransaction, type ServiceContext } from '#auth/context.js';
import { type PendingSignUp, PendingSignUpEntity } from '#auth/entities/pending-sign-up.js';
import { hashToken } from '#auth/services/link/token.js';
import { isTakenAddress, lockAddress } from '#auth/services/person/addresses.js';
import type { SignedIn } from '#auth/services/session/sign-in.js';
import { isUniqueViolation } from '#runtime/database/database.js';
import { InvalidInput } from '#runtime/errors.js';
import { isPassword } from '#runtime/passwords/password.js';
import { createAccount, type Newcomer } from './create-account.js';

/** The mailbox alone must not be enough to guess the password. */
const MAX_WRONG_PASSWORDS = 10;

type Attempt = PendingSignUp & Newcomer;

function notValid(): InvalidInput {
  return new InvalidInput([{ argument: 'token', problem: 'is not valid (any more): sign up again' }]);
}

/** Returns the sign-up of a token while its address is free. Throws InvalidInput. */
async function findAttempt(context: ServiceContext, { token }: { token: string }): Promise<Attempt> {
  const attempt = await context.manager.findOneBy(PendingSignUpEntity, {
    tokenHash: hashToken(token),
    expiresAt: MoreThan(context.services.now()),
    wrongPasswords: LessThan(MAX_WRONG_PASSWORDS),
  });
  if (!attempt?.passwordHash || (await isTakenAddress(context, attempt.email))) throw notValid();
  return { ...attempt, passwordHash: attempt.passwordHash };
}

async function requirePasswordOf(
  context: ServiceContext,
  { id, passwordHash, password }: Attempt & { password: string },
) {
  // Counted before the comparison, against concurrent attempts.
  const isLeft = { id, wrongPasswords: LessThan(MAX_WRONG_PASSWORDS) };
  const { affected } = await context.manager.increment(PendingSignUpEntity, isLeft, 'wrongPasswords', 1);
  if (!affected) throw notValid();
  if (await isPassword(context, { password, passwordHash })) return;
  throw new InvalidInput([{ argument: 'password', problem: 'is not the one that was given at sign-up' }]);
}

/**
 * Creates the account of a sign-up for its token and password, and signs the person in. Throws InvalidInput for either,
 * or a taken address.
 */
export async function completeSignUp(
  context: ServiceContext,
  { token, password }: { token: string; password: string },
): Promise<SignedIn> {
  const attempt = await findAttempt(context, { token });
  await requirePasswordOf(context, { ...attempt, password });
  const { id, email } = attempt;
  return inTransaction(context, async (transaction) => {
    const { services, manager } = transaction;
    await lockAddress(transaction, email);
    // One of concurrent uses deletes it.
    const { affected } = await manager.delete(PendingSignUpEntity, { id });
    if (!affected || (await isTakenAddress(transaction, email))) throw notValid();
    await manager.delete(PendingSignUpEntity, {
      email: Raw((column) => `lower(${column}) = lower(:email)`, { email }),
    });
    return createAccount(transaction, { ...attempt, emailVerifiedAt: services.now() });
  }).catch((error) => {
    if (isUniqueViolation(error)) throw notValid();
    throw error;
  });
}
