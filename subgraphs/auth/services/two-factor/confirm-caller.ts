import type { ServiceContext } from '#auth/context.js';
import type { Person } from '#auth/entities/person.js';
import { reauthenticate } from '#auth/services/person/current-person.js';
import { AppError } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { hasTwoFactor } from './has-two-factor.js';
import { useCode } from './use-code.js';

/**
 * Returns the caller after checking their password and second factor, if any: for what outlives the session. Throws as
 * `reauthenticate` and `useCode` do, and TWO_FACTOR_REQUIRED when the code is missing.
 */
export async function confirmCaller(
  context: ServiceContext,
  { password, code }: { password: string; code?: string | null },
): Promise<Person> {
  const person = await reauthenticate(context, { password });
  if (!(await hasTwoFactor(context, { personId: person.id }))) return person;
  if (!code) throw new AppError('This takes a code as well.', 'TWO_FACTOR_REQUIRED');
  await useCode(context, { person, code });
  await deliverSoon(context.services);
  return person;
}
