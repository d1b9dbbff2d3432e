import type { DataSource } from 'typeorm';
import { Unauthenticated } from '../../../ops/runtime/errors.js';
import { isStorable } from '../../../ops/runtime/storable-text.js';
import type { Person } from '../entities/person.js';
import { findPersonByEmail } from './find-person.js';
import { isPassword } from './password.js';

/** Returns who has this address and password. Throws Unauthenticated, alike in words and time for either being wrong. */
export async function checkPassword(
  database: DataSource,
  { email, password }: { email: string; password: string },
): Promise<Person> {
  const person = isStorable(email) ? await findPersonByEmail(database.manager, email.trim()) : null;
  const matches = await isPassword(password, person?.passwordHash);
  if (!person || !matches) throw new Unauthenticated('The address or the password is wrong.');
  return person;
}
