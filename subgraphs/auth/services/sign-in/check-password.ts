import type { DataSource } from 'typeorm';
import type { Person } from '#auth/entities/person.js';
import { accountKey } from '#auth/services/person/device-token.js';
import { findPersonByEmail } from '#auth/services/person/find-person.js';
import { isPassword } from '#auth/services/person/password.js';
import { recordRefusal } from '#auth/services/person/record-refusal.js';
import { isStorable } from '#runtime/database/storable-text.js';
import { Unauthenticated } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';

/** Returns who has this address and password. Throws Unauthenticated, alike in words and time for either being wrong. */
export async function checkPassword(
  services: Services,
  database: DataSource,
  identity: Identity,
  { email, password }: { email: string; password: string },
): Promise<Person> {
  const found = isStorable(email) ? await findPersonByEmail(database.manager, email.trim()) : null;
  // PostgreSQL takes İ for i as well, which is counted as another account's.
  const person = found && accountKey(found.email) === accountKey(email) ? found : null;
  const matches = await isPassword(password, person?.passwordHash);
  if (person && matches) return person;
  recordRefusal(services, database, identity, person);
  throw new Unauthenticated('The address or the password is wrong.');
}
