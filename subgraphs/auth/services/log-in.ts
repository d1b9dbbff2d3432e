import type { DataSource } from 'typeorm';
import { Unauthenticated } from '../../../ops/runtime/errors.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { isStorable } from '../../../ops/runtime/storable-text.js';
import { MembershipEntity } from '../entities/membership.js';
import { type Person, PersonEntity } from '../entities/person.js';
import { isPassword } from './password.js';
import { type SignedIn, signIn } from './sign-in.js';

function findPerson(database: DataSource, email: string): Promise<Person | null> {
  const query = database.createQueryBuilder(PersonEntity, 'person');
  return query.where('lower(person.email) = lower(:email)', { email }).getOne();
}

/** Signs a person in. Throws Unauthenticated, alike in words and time for a wrong password and an unknown address. */
export async function logIn(
  runtime: Runtime,
  database: DataSource,
  { email, password }: { email: string; password: string },
): Promise<SignedIn> {
  const person = isStorable(email) ? await findPerson(database, email.trim()) : null;
  const matches = await isPassword(password, person?.passwordHash);
  const membership =
    person && matches
      ? await database.manager.findOne(MembershipEntity, {
          where: { personId: person.id },
          order: { createdAt: 'ASC' },
        })
      : null;
  if (!membership) throw new Unauthenticated('The address or the password is wrong.');
  return signIn(runtime, database.manager, membership);
}
