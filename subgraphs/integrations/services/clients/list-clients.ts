import { z } from 'zod';
import type { Context } from '#integrations/context.js';
import { type Client, ClientEntity } from '#integrations/entities/client.js';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import { isRowId } from '#runtime/database/database.js';
import { storableText } from '#runtime/database/storable-text.js';

const position = z.tuple([storableText, z.string().refine(isRowId)]);

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
    const [name, id] = readCursor(position, page.after);
    query.andWhere('(lower(client.name), client.id) > (lower(:name), :id::uuid)', { name, id });
  }
  return pageOf(await query.getMany(), page, ({ name, id }) => [name, id]);
}
