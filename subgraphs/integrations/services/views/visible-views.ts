import { Brackets, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import type { Context } from '#integrations/context.js';
import { type SavedView, SavedViewEntity } from '#integrations/entities/saved-view.js';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import { isRowId } from '#runtime/database/database.js';
import { storableText } from '#runtime/database/storable-text.js';
import { NotFound } from '#runtime/errors.js';

/** Selects the views the caller sees: shared ones and their own; their own only when they are limited to some clients. */
export function visibleViews(
  { identity: { organizationId, userId }, visible }: Context,
  manager: EntityManager,
): SelectQueryBuilder<SavedView> {
  return manager
    .createQueryBuilder(SavedViewEntity, 'view')
    .where('view.organizationId = :organizationId', { organizationId })
    .andWhere(
      new Brackets((seen) => {
        seen.where('view.ownerId = :userId', { userId: userId ?? null });
        if (!visible.clientIds) seen.orWhere('view.isShared');
      }),
    );
}

/** Returns a view the caller sees; null for any other. */
export async function findSavedView(context: Context, id: string): Promise<SavedView | null> {
  if (!isRowId(id)) return null;
  return visibleViews(context, context.database.manager).andWhere('view.id = :id', { id }).getOne();
}

/** Returns a view the caller sees. Throws NotFound, alike for private views of others. */
export async function getSavedView(context: Context, { id }: { id: string }): Promise<SavedView> {
  const view = await findSavedView(context, id);
  if (!view) throw new NotFound('saved view');
  return view;
}

const position = z.tuple([storableText, z.string().refine(isRowId)]);

/** Returns a page of the views the caller sees, by name. Throws InvalidInput. */
export async function listSavedViews(context: Context, page: PageArguments): Promise<Page<SavedView>> {
  checkPageSize(page.first);
  const query = visibleViews(context, context.database.manager)
    .orderBy('lower(view.name)')
    .addOrderBy('view.id')
    .limit(page.first + 1);
  if (page.after) {
    const [name, id] = readCursor(position, page.after);
    query.andWhere('(lower(view.name), view.id) > (lower(:name), :id::uuid)', { name, id });
  }
  return pageOf(await query.getMany(), page, ({ name, id }) => [name, id]);
}
