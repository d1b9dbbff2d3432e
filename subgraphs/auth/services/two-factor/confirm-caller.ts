import type { ServiceContext } from '#auth/context.js';
import type { Person } from '#auth/entities/person.js';
import { reauthenticate } from '#auth/services/person/current-person.js';
import { AppError } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { hasTwoFactor } from './has-two-factor.js';
import { useCode } from './use-code.js';

/** What proves that the caller is not a stolen session. */
export interface Confirmation {
  password: string;
  /** With two-factor sign-in. */
  code?: string | null;
}

/**
 * Returns the caller after checking their password and second factor, if any: for all that asks for the password again. The
 * code is used up. Throws as `reauthenticate` (about `argument`) and `useCode` do, and TWO_FACTOR_REQUIRED without a code.
 */
export async function confirmCaller(
  context: ServiceContext,
  { password, code, argument }: Confirmation & { argument?: string },
): Promise<Person> {
  const person = await reauthenticate(context, { password, argument });
  if (!(await hasTwoFactor(context, { personId: person.id }))) return person;
  if (!code) throw new AppError('This takes a code as well.', 'TWO_FACTOR_REQUIRED');
  await useCode(context, { person, code });
  await deliverSoon(context.services);
  return person;
}
