import type { ServiceContext } from '#auth/context.js';
import type { SignedIn } from '#auth/services/session/sign-in.js';
import { startSession } from '#auth/services/session/start-session.js';
import { checkSecondFactor } from '#auth/services/two-factor/check-second-factor.js';
import { answerChallenge } from '#auth/services/two-factor/two-factor-challenge.js';

/** Signs in with a challenge and a code. Throws Unauthenticated for an invalid challenge, and as `useCode` does. */
export async function completeLogIn(
  context: ServiceContext,
  { challenge, code }: { challenge: string; code: string },
): Promise<SignedIn> {
  const person = await answerChallenge(context, { challenge });
  await checkSecondFactor(context, { person, code });
  return startSession(context, { person });
}
