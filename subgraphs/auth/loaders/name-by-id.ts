import DataLoader from 'dataloader';
import { type DataSource, In } from 'typeorm';
import { PersonEntity } from '#auth/entities/person.js';
import { isRowId } from '#runtime/database/database.js';

/** Loads people's names, whether or not they are members. */
export function nameById(database: DataSource): DataLoader<string, string | null> {
  return new DataLoader(async (ids) => {
    const people = await database.manager.find(PersonEntity, {
      select: { id: true, name: true },
      where: { id: In(ids.filter(isRowId)) },
    });
    const names = new Map(people.map(({ id, name }) => [id, name]));
    return ids.map((id) => names.get(id.toLowerCase()) ?? null);
  });
}
