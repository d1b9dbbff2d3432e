import type { EntityManager } from 'typeorm';
import { type Person, PersonEntity } from '#auth/entities/person.js';

/** Returns the person with this address, in whatever case it is written, or null. */
export function findPersonByEmail(manager: EntityManager, email: string): Promise<Person | null> {
  const query = manager.createQueryBuilder(PersonEntity, 'person');
  return query.where('lower(person.email) = lower(:email)', { email }).getOne();
}
