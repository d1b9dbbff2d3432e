import { z } from 'zod';
import type { Context } from '#integrations/context.js';
import { type SavedView, SavedViewEntity } from '#integrations/entities/saved-view.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Conflict, Unauthenticated } from '#runtime/errors.js';
import { parseInput } from '#runtime/parse-input.js';
import { checkedQuestion, type PerformanceViewInput, requireSharing, viewDetails, viewName } from './view-input.js';

const input = z.object({ name: viewName });

/** Of one person. */
const MAX_VIEWS = 500;

export interface CreateSavedViewInput {
  name: string;
  isShared: boolean;
  performance?: PerformanceViewInput | null;
}

/** Saves a question. Throws InvalidInput, NotFound for what it names, Forbidden, and Conflict when a person has too many. */
export async function createSavedView(
  context: Context,
  { name: given, isShared, performance }: CreateSavedViewInput,
): Promise<SavedView> {
  const { database, identity, services } = context;
  const { organizationId, userId } = identity;
  if (!organizationId || !userId) throw new Unauthenticated();
  const { name } = parseInput(input, { name: given });
  if (!performance) throw refusal('performance', 'must be given: it is the question to save');
  if (isShared) requireSharing(context);
  const question = await checkedQuestion(context, performance);
  const now = services.now();
  return database.transaction(async (manager) => {
    if ((await manager.countBy(SavedViewEntity, { organizationId, ownerId: userId })) >= MAX_VIEWS) {
      throw new Conflict(`You have saved ${MAX_VIEWS} views: delete some that are no longer of use.`);
    }
    const view = await manager.save(SavedViewEntity, {
      organizationId,
      name,
      kind: 'PERFORMANCE' as const,
      question,
      ownerId: userId,
      isShared,
      version: 1,
      createdAt: now,
      updatedAt: now,
    });
    await recordAudit(manager, identity, {
      organizationId,
      action: 'saved-view.created',
      target: { type: 'SavedView', id: view.id },
      after: viewDetails(view),
    });
    return view;
  });
}
