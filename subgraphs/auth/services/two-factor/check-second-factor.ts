import { actingAs, type ServiceContext } from '#auth/context.js';
import type { Person } from '#auth/entities/person.js';
import { AppError } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { hasTwoFactor } from './has-two-factor.js';
import { issueChallenge } from './two-factor-challenge.js';
import { useCode } from './use-code.js';

/**
 * Checks a person's second factor, if any. Throws TWO_FACTOR_REQUIRED with a challenge when the code is missing, or as
 * `useCode` does.
 */
export async function checkSecondFactor(
  context: ServiceContext,
  { person, code }: { person: Person; code?: string | null },
): Promise<void> {
  if (!(await hasTwoFactor(context, { personId: person.id }))) return;
  if (!code) {
    const challenge = await issueChallenge(context, { person });
    throw new AppError('This account needs a code as well: use completeLogIn.', 'TWO_FACTOR_REQUIRED', { challenge });
  }
  await useCode(actingAs(context, { userId: person.id }), { person, code });
  await deliverSoon(context.services);
}
