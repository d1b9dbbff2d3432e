import { inTransaction, type ServiceContext } from '#auth/context.js';
import { isHeldAddress } from '#auth/services/person/addresses.js';
import type { SignedIn } from '#auth/services/session/sign-in.js';
import { isUniqueViolation } from '#runtime/database/database.js';
import { Conflict } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { createAccount, prepareNewcomer, type SignUpInput } from './create-account.js';
import { requestSignUp } from './request-sign-up.js';

const ADDRESS_TAKEN = 'This address has an account already: log in instead.';

/**
 * Creates a person with an organization and signs them in. Throws InvalidInput, Conflict for a taken address, or where
 * sign-ups must be confirmed as `requestSignUp` does.
 */
export async function signUp(context: ServiceContext, given: SignUpInput): Promise<SignedIn> {
  const { traffic, isProduction } = context.services.config;
  const newcomer = await prepareNewcomer(context, given);
  if (traffic.confirmsSignUps ?? isProduction) return requestSignUp(context, newcomer);
  const signedIn = await inTransaction(context, async (transaction) => {
    if (await isHeldAddress(transaction, newcomer.email)) throw new Conflict(ADDRESS_TAKEN);
    return createAccount(transaction, { ...newcomer, emailVerifiedAt: null });
  }).catch((error) => {
    if (isUniqueViolation(error)) throw new Conflict(ADDRESS_TAKEN);
    throw error;
  });
  await deliverSoon(context.services);
  return signedIn;
}
