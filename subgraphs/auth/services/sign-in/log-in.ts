import type { DataSource } from 'typeorm';
import { limitSignIn } from '#auth/services/person/limit-sign-in.js';
import type { SignedIn } from '#auth/services/session/sign-in.js';
import { startSession } from '#auth/services/session/start-session.js';
import { checkSecondFactor } from '#auth/services/two-factor/check-second-factor.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { checkPassword } from './check-password.js';

/**
 * Signs a person in. Throws Unauthenticated, alike in words and time for a wrong password and an unknown address,
 * RateLimited after too many attempts, and only after the right password whatever is wrong with the second factor.
 */
export async function logIn(
  services: Services,
  database: DataSource,
  identity: Identity,
  given: { email: string; password: string; code?: string | null; deviceToken?: string | null },
): Promise<SignedIn> {
  const attempt = { ...given, client: identity.client };
  const person = await limitSignIn(services, attempt, () => checkPassword(services, database, identity, given));
  await checkSecondFactor(services, database, identity, { person, code: given.code });
  return startSession(services, database, identity, person);
}
