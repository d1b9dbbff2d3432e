import { AppError } from '#runtime/errors.js';
import type { Identity } from './identity.js';

/**
 * Returns the refusal of a session whose user must set up a second factor first; undefined for any other identity.
 * Every way in asks this, except where such a session is admitted: operations, whose permission rules decide, and the
 * limits that count it.
 */
export function refuseUntilSetUp({ mustSetUpTwoFactor }: Pick<Identity, 'mustSetUpTwoFactor'>): AppError | undefined {
  if (!mustSetUpTwoFactor) return undefined;
  const message = 'Your organization demands two-factor sign-in: set it up first, with startTwoFactor.';
  return new AppError(message, 'TWO_FACTOR_SETUP_REQUIRED');
}
