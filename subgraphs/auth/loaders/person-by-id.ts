import DataLoader from 'dataloader';
import { type DataSource, In } from 'typeorm';
import { MembershipEntity } from '#auth/entities/membership.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { isRowId } from '#runtime/database/database.js';
import type { Role } from '#runtime/identity/identity.js';

/** A person as a member of one organization. */
export type Member = Person & { role: Role };

/** Loads members of one organization; any other person is null. */
export function personById(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, Member | null> {
  return new DataLoader(async (ids) => {
    const personIds = ids.filter(isRowId);
    if (!organizationId || personIds.length === 0) return ids.map(() => null);
    const where = { organizationId, personId: In(personIds) };
    const roles = new Map(
      (await database.manager.findBy(MembershipEntity, where)).map(({ personId, role }) => [personId, role]),
    );
    const people = await database.manager.findBy(PersonEntity, { id: In([...roles.keys()]) });
    const members = new Map(people.map((person) => [person.id, { ...person, role: roles.get(person.id) as Role }]));
    return ids.map((id) => members.get(id) ?? null);
  });
}
