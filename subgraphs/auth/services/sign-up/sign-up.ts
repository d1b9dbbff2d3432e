import type { DataSource } from 'typeorm';
import { isHeldAddress } from '#auth/services/person/held-address.js';
import type { SignedIn } from '#auth/services/session/sign-in.js';
import { isUniqueViolation } from '#runtime/database/database.js';
import { Conflict } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import type { Services } from '#runtime/services.js';
import { createAccount } from './create-account.js';
import { requestSignUp } from './request-sign-up.js';
import { type Newcomer, prepareNewcomer, type SignUpInput } from './sign-up-input.js';

const ADDRESS_TAKEN = 'This address has an account already: log in instead.';

/** Makes the person and their organization: all of it or nothing. */
async function create(
  services: Services,
  database: DataSource,
  identity: Identity,
  newcomer: Newcomer,
): Promise<SignedIn> {
  return database.transaction(async (manager) => {
    if (await isHeldAddress(manager, newcomer.email, services.now())) throw new Conflict(ADDRESS_TAKEN);
    return createAccount(services, manager, identity, { ...newcomer, emailVerifiedAt: null });
  });
}

/**
 * Creates a person and the organization they own, and signs them in; that the address is theirs they are asked by mail.
 * Throws InvalidInput, or Conflict when the address is taken. Where sign-ups are confirmed it creates nothing, and throws
 * as `requestSignUp` does.
 */
export async function signUp(
  services: Services,
  database: DataSource,
  identity: Identity,
  given: SignUpInput,
): Promise<SignedIn> {
  const { traffic, isProduction } = services.config;
  const newcomer = await prepareNewcomer(given);
  if (traffic.confirmsSignUps ?? isProduction) return requestSignUp(services, database, identity, newcomer);
  const signedIn = await create(services, database, identity, newcomer).catch((error) => {
    if (isUniqueViolation(error)) throw new Conflict(ADDRESS_TAKEN);
    throw error;
  });
  await deliverSoon(services);
  return signedIn;
}
