import { z } from 'zod';
import type { Context } from '#integrations/context.js';
import { type Client, ClientEntity } from '#integrations/entities/client.js';
import { checkPageSize, decodeCursor, type Page, type PageArguments, pageOf } from '#kit/page.js';
import { isRowId } from '#runtime/database/database.js';
import { storableText } from '#runtime/database/storable-text.js';
import { InvalidInput } from '#runtime/errors.js';

const position = z.tuple([storableText, z.string().refine(isRowId)]);

function positionIn(cursor: string): [name: string, id: string] {
  const result = position.safeParse(decodeCursor(cursor, 2));
  if (result.success) return result.data;
  throw new InvalidInput([{ argument: 'after', problem: 'is not a cursor of this list' }]);
}

/** Returns a page of the clients of an organization that the caller sees, by name; archived ones only when asked for. Throws InvalidInput. */
export async function listClients(
  { database, visible }: Context,
  { organizationId, includeArchived, ...page }: PageArguments & { organizationId: string; includeArchived: boolean },
): Promise<Page<Client>> {
  checkPageSize(page.first);
  const query = database
    .createQueryBuilder(ClientEntity, 'client')
    .where('client.organizationId = :organizationId', { organizationId })
    .orderBy('lower(client.name)')
    .addOrderBy('client.id')
    .limit(page.first + 1);
  if (visible.clientIds) query.andWhere('client.id = ANY(:clientIds)', { clientIds: visible.clientIds });
  if (!includeArchived) query.andWhere('client.archivedAt IS NULL');
  if (page.after) {
    const [name, id] = positionIn(page.after);
    query.andWhere('(lower(client.name), client.id) > (lower(:name), :id::uuid)', { name, id });
  }
  return pageOf(await query.getMany(), page, ({ name, id }) => [name, id]);
}
