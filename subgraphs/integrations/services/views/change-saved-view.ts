import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Context } from '#integrations/context.js';
import { type SavedView, SavedViewEntity } from '#integrations/entities/saved-view.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { Conflict, Forbidden, NotFound } from '#runtime/errors.js';
import { hasRole } from '#runtime/identity/identity.js';
import { parseInput } from '#runtime/parse-input.js';
import { checkedQuestion, type PerformanceViewInput, requireSharing, viewDetails, viewName } from './view-input.js';
import { visibleViews } from './visible-views.js';

/** Changes a view the caller sees, locked. Throws NotFound, and Forbidden for a shared view of another owner below ADMIN. */
async function change<Result>(
  context: Context,
  id: string,
  effect: (manager: EntityManager, view: SavedView) => Promise<Result>,
): Promise<Result> {
  if (!isRowId(id)) throw new NotFound('saved view');
  return context.database.transaction(async (manager) => {
    const query = visibleViews(context, manager).andWhere('view.id = :id', { id });
    const view = await query.setLock('pessimistic_write').getOne();
    if (!view) throw new NotFound('saved view');
    if (view.ownerId !== context.identity.userId && !hasRole(context.identity, 'ADMIN')) {
      throw new Forbidden('This view is of another owner: it takes them, or the role ADMIN.');
    }
    return effect(manager, view);
  });
}

const input = z.object({ version: z.int(), name: viewName.nullish() });

export interface UpdateSavedViewInput {
  savedViewId: string;
  version: number;
  name?: string | null;
  isShared?: boolean | null;
  performance?: PerformanceViewInput | null;
}

/**
 * Changes what is given of a view. Throws InvalidInput, NotFound, Forbidden, and Conflict when it was changed since `version`, or
 * has no owner to be private to.
 */
export async function updateSavedView(
  context: Context,
  { savedViewId, isShared, performance, ...given }: UpdateSavedViewInput,
): Promise<SavedView> {
  const { version, name } = parseInput(input, given);
  const question = performance && (await checkedQuestion(context, performance));
  return change(context, savedViewId, async (manager, view) => {
    if (view.version !== version) {
      throw new Conflict('This view was changed meanwhile: read it again, and decide on what it is now.');
    }
    const changed: SavedView = {
      ...view,
      name: name ?? view.name,
      isShared: isShared ?? view.isShared,
      question: question ?? view.question,
      version: version + 1,
      updatedAt: context.services.now(),
    };
    if (changed.isShared) requireSharing(context);
    else if (view.ownerId !== context.identity.userId) {
      throw new Conflict('This view stays shared: only its owner could make it private.');
    }
    const { id, organizationId } = view;
    await manager.update(SavedViewEntity, { id, organizationId }, changed);
    await recordAudit(manager, context.identity, {
      organizationId,
      action: 'saved-view.updated',
      target: { type: 'SavedView', id },
      before: viewDetails(view),
      after: viewDetails(changed),
    });
    return changed;
  });
}

/** Deletes a view. Throws NotFound, and Forbidden for a shared view of another owner below ADMIN. */
export async function deleteSavedView(context: Context, { savedViewId }: { savedViewId: string }): Promise<string> {
  return change(context, savedViewId, async (manager, view) => {
    const { id, organizationId } = view;
    await manager.delete(SavedViewEntity, { id, organizationId });
    await recordAudit(manager, context.identity, {
      organizationId,
      action: 'saved-view.deleted',
      target: { type: 'SavedView', id },
      before: viewDetails(view),
    });
    return id;
  });
}
