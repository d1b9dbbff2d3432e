import { AppError } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Returns why a person may do nothing yet but set up the second factor their organization demands, or undefined. */
export function refuseUntilSetUp({ mustSetUpTwoFactor }: Identity): AppError | undefined {
  if (!mustSetUpTwoFactor) return undefined;
  const message = 'Your organization demands two-factor sign-in: set it up first, with startTwoFactor.';
  return new AppError(message, 'TWO_FACTOR_SETUP_REQUIRED');
}
