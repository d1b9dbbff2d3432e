import DataLoader from 'dataloader';
import { type DataSource, type EntitySchema, type FindOptionsWhere, In } from 'typeorm';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';

interface OwnRow {
  id: string;
  organizationId: string;
}

/** Loads rows of one organization by id, those that `pick` keeps; null for any other id. */
export function ownRowById<Row extends OwnRow>(
  entity: EntitySchema<Row>,
  database: DataSource,
  organizationId: string | undefined,
  pick: (rows: Row[]) => Promise<Row[]> = async (rows) => rows,
): DataLoader<string, Row | null> {
  return new DataLoader(async (ids) => {
    const rowIds = ids.filter(isRowId);
    if (!organizationId || rowIds.length === 0) return ids.map(() => null);
    const where = { organizationId, id: In(rowIds) } as FindOptionsWhere<Row>;
    const found = await pick(await database.manager.findBy(entity, where));
    const rows = new Map(found.map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id.toLowerCase()) ?? null);
  });
}

/** Throws NotFound, alike for missing rows and those of others. */
export function existing<Thing>(thing: Thing | null, name: string): Thing {
  if (thing === null) throw new NotFound(name);
  return thing;
}
