import type { DataSource } from 'typeorm';
import { isHeldAddress } from '#auth/services/person/held-address.js';
import type { SignedIn } from '#auth/services/session/sign-in.js';
import { isUniqueViolation } from '#runtime/database/database.js';
import { Conflict } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import type { Runtime } from '#runtime/runtime.js';
import { createAccount } from './create-account.js';
import { requestSignUp } from './request-sign-up.js';
import { type Newcomer, prepareNewcomer, type SignUpInput } from './sign-up-input.js';

const ADDRESS_TAKEN = 'This address has an account already: log in instead.';

/** Makes the person and their organization: all of it or nothing. */
async function create(
  runtime: Runtime,
  database: DataSource,
  identity: Identity,
  newcomer: Newcomer,
): Promise<SignedIn> {
  return database.transaction(async (manager) => {
    if (await isHeldAddress(manager, newcomer.email, runtime.now())) throw new Conflict(ADDRESS_TAKEN);
    return createAccount(runtime, manager, identity, { ...newcomer, emailVerifiedAt: null });
  });
}

/**
 * Creates a person and the organization they own, and signs them in; that the address is theirs they are asked by mail.
 * Throws InvalidInput, or Conflict when the address is taken. Where sign-ups are confirmed it creates nothing, and throws
 * as `requestSignUp` does.
 */
export async function signUp(
  runtime: Runtime,
  database: DataSource,
  identity: Identity,
  given: SignUpInput,
): Promise<SignedIn> {
  const { traffic, isProduction } = runtime.config;
  const newcomer = await prepareNewcomer(given);
  if (traffic.confirmsSignUps ?? isProduction) return requestSignUp(runtime, database, identity, newcomer);
  const signedIn = await create(runtime, database, identity, newcomer).catch((error) => {
    if (isUniqueViolation(error)) throw new Conflict(ADDRESS_TAKEN);
    throw error;
  });
  await deliverSoon(runtime);
  return signedIn;
}
