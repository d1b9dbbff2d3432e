import { actingAs, type ServiceContext } from '#auth/context.js';
import type { Person } from '#auth/entities/person.js';
import { AppError } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { hasTwoFactor } from './has-two-factor.js';
import { issueChallenge } from './two-factor-challenge.js';
import { useCode } from './use-code.js';

/**
 * Checks the second factor, if there is one, of a person who gave the right password. Without a code it throws AppError
 * with TWO_FACTOR_REQUIRED and a challenge; with one, it throws as `useCode` does.
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
