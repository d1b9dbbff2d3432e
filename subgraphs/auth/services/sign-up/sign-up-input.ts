import { z } from 'zod';
import { emailAddress, givenName, newPassword, refuseGuessable } from '#auth/services/person/account-input.js';
import { hashPassword } from '#auth/services/person/password.js';
import { parseInput } from '#runtime/parse-input.js';

const input = z.object({ name: givenName, email: emailAddress, password: newPassword, companyName: givenName });

/** What somebody who signs up gives. */
export type SignUpInput = z.input<typeof input>;

/** Somebody who signs up, as far as it takes time to find out. */
export interface Newcomer {
  name: string;
  email: string;
  passwordHash: string;
  companyName: string;
}

/** Checks what was given, without a look at who has an account, and hashes the password. Throws InvalidInput. */
export async function prepareNewcomer(given: SignUpInput): Promise<Newcomer> {
  const { name, email, password, companyName } = parseInput(input, given);
  await refuseGuessable('password', password, { name, email });
  return { name, email, passwordHash: await hashPassword(password), companyName };
}
