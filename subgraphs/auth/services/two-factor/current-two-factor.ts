import { type DataSource, IsNull, Not } from 'typeorm';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { TwoFactorEntity } from '#auth/entities/two-factor.js';
import { notAPerson, requirePerson } from '#auth/services/person/current-person.js';
import { Conflict } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Returns the person behind an identity. Throws Forbidden for a key or a part of WebMetrics: only people have a second factor. */
export async function personBehind(database: DataSource, identity: Identity): Promise<Person> {
  const person = await database.manager.findOneBy(PersonEntity, { id: requirePerson(identity) });
  if (!person) throw notAPerson();
  return person;
}

/** Throws Conflict when a person has no second factor. */
export async function requireEnabled(database: DataSource, personId: string): Promise<void> {
  const where = { id: personId, confirmedAt: Not(IsNull()) };
  if (!(await database.manager.existsBy(TwoFactorEntity, where))) throw new Conflict('Two-factor sign-in is not on.');
}
