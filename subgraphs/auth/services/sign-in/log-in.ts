import { actingAs, type ServiceContext } from '#auth/context.js';
import type { Person } from '#auth/entities/person.js';
import { findPersonByEmail } from '#auth/services/person/addresses.js';
import { accountKey } from '#auth/services/person/device-token.js';
import { limitSignIn } from '#auth/services/person/limit-sign-in.js';
import { recordRefusal } from '#auth/services/person/record-refusal.js';
import type { SignedIn } from '#auth/services/session/sign-in.js';
import { startSession } from '#auth/services/session/start-session.js';
import { checkSecondFactor } from '#auth/services/two-factor/check-second-factor.js';
import { hasTwoFactor } from '#auth/services/two-factor/has-two-factor.js';
import { readChallenge } from '#auth/services/two-factor/two-factor-challenge.js';
import { useCode } from '#auth/services/two-factor/use-code.js';
import { isStorable } from '#runtime/database/storable-text.js';
import { AppError, Unauthenticated } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { isPassword } from '#runtime/passwords/password.js';
import { observeLogIn } from '#runtime/telemetry/observe-security.js';

async function findPerson(context: ServiceContext, email: string): Promise<Person | null> {
  const found = isStorable(email) ? await findPersonByEmail(context, email.trim()) : null;
  // PostgreSQL compares İ equal to i; the rate limit does not.
  return found && accountKey(found.email) === accountKey(email) ? found : null;
}

/** An unknown address is refused like a wrong password, in the same time. */
async function checkPassword(
  context: ServiceContext,
  { person, password }: { person: Person | null; password: string },
): Promise<Person> {
  const matches = await isPassword(context, { password, passwordHash: person?.passwordHash });
  if (person && matches) return person;
  recordRefusal(context, { person });
  throw new Unauthenticated('The address or the password is wrong.');
}

/** Counts an attempt to log in by its outcome. */
async function counted(attempt: () => Promise<SignedIn>): Promise<SignedIn> {
  try {
    const signedIn = await attempt();
    observeLogIn('ok');
    return signedIn;
  } catch (error) {
    observeLogIn(error instanceof AppError ? error.code : 'INTERNAL_SERVER_ERROR');
    throw error;
  }
}

/**
 * Signs a person in. Throws Unauthenticated, the same for unknown addresses, RateLimited, and as `checkSecondFactor`
 * does.
 */
export function logIn(
  context: ServiceContext,
  given: { email: string; password: string; code?: string | null; deviceToken?: string | null },
): Promise<SignedIn> {
  return counted(() => logInByPassword(context, given));
}

async function logInByPassword(context: ServiceContext, given: Parameters<typeof logIn>[1]): Promise<SignedIn> {
  const { email, deviceToken, code } = given;
  const { client } = context.identity;
  const found = await findPerson(context, email);
  const check = () => checkPassword(context, { person: found, password: given.password });
  const attempt = { email, deviceToken, passwordHash: found?.passwordHash, client };
  const person = await limitSignIn(context, { ...attempt, check });
  await checkSecondFactor(context, { person, code });
  return startSession(context, { person });
}

/** Signs in with a challenge, once, and a code. Throws Unauthenticated for an invalid challenge, and as `useCode` does. */
export function completeLogIn(context: ServiceContext, given: { challenge: string; code: string }): Promise<SignedIn> {
  return counted(() => logInByChallenge(context, given));
}

async function logInByChallenge(
  context: ServiceContext,
  { challenge, code }: { challenge: string; code: string },
): Promise<SignedIn> {
  const { person, spend } = await readChallenge(context, { challenge });
  const personId = person.id;
  if (!(await hasTwoFactor(context, { personId }))) throw new Unauthenticated('Log in again.');
  await useCode(actingAs(context, { userId: personId }), { person, code, effect: spend });
  await deliverSoon(context.services);
  return startSession(context, { person });
}
