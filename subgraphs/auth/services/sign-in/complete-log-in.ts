import type { DataSource } from 'typeorm';
import type { SignedIn } from '#auth/services/session/sign-in.js';
import { startSession } from '#auth/services/session/start-session.js';
import { checkSecondFactor } from '#auth/services/two-factor/check-second-factor.js';
import { answerChallenge } from '#auth/services/two-factor/two-factor-challenge.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';

/**
 * Signs a person in who gave their password before, and a code now. Throws Unauthenticated for a challenge that does not
 * hold (any more), and as `useCode` does.
 */
export async function completeLogIn(
  services: Services,
  database: DataSource,
  identity: Identity,
  { challenge, code }: { challenge: string; code: string },
): Promise<SignedIn> {
  const person = await answerChallenge(services, database, challenge);
  await checkSecondFactor(services, database, identity, { person, code });
  return startSession(services, database, identity, person);
}
