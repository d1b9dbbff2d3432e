import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import { type Annotation, AnnotationEntity } from '#integrations/entities/annotation.js';
import { checkDays } from '#integrations/services/figures/figure-days.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { Conflict, Forbidden, NotFound } from '#runtime/errors.js';
import { hasRole, type Identity } from '#runtime/identity/identity.js';
import { parseInput } from '#runtime/parse-input.js';
import { annotationDetails, annotationText } from './create-annotation.js';

const isAuthor = ({ userId, apiKeyId }: Identity, { createdBy, createdByKey }: Annotation) =>
  userId ? createdBy === userId : apiKeyId !== undefined && createdByKey === apiKeyId;

/** Changes a note, locked. Throws NotFound, and Forbidden for a note of another author below ADMIN. */
async function change<Result>(
  { database, identity }: Context,
  id: string,
  effect: (manager: EntityManager, annotation: Annotation) => Promise<Result>,
): Promise<Result> {
  const { organizationId } = identity;
  if (!organizationId || !isRowId(id)) throw new NotFound('annotation');
  return database.transaction(async (manager) => {
    const where = { id, organizationId };
    const annotation = await manager.findOne(AnnotationEntity, { where, lock: { mode: 'pessimistic_write' } });
    if (!annotation) throw new NotFound('annotation');
    if (!isAuthor(identity, annotation) && !hasRole(identity, 'ADMIN')) {
      throw new Forbidden('This note is of another author: it takes them, or the role ADMIN.');
    }
    return effect(manager, annotation);
  });
}

const input = z.object({ version: z.int(), text: annotationText.nullish() });

/** Changes the days or the text of a note. Throws InvalidInput, Conflict when it was changed since `version`, and as above. */
export async function updateAnnotation(
  context: Context,
  {
    annotationId,
    range,
    ...given
  }: { annotationId: string; range?: DayRange | null; version: number; text?: string | null },
): Promise<Annotation> {
  const { version, text } = parseInput(input, given);
  if (range) checkDays('range', range);
  return change(context, annotationId, async (manager, annotation) => {
    if (annotation.version !== version) {
      throw new Conflict('This note was changed meanwhile: read it again, and decide on what it is now.');
    }
    const changed: Annotation = {
      ...annotation,
      startsOn: range?.start ?? annotation.startsOn,
      endsOn: range?.end ?? annotation.endsOn,
      text: text ?? annotation.text,
      version: version + 1,
      updatedAt: context.services.now(),
    };
    const { id, organizationId } = annotation;
    await manager.update(AnnotationEntity, { id, organizationId }, changed);
    await recordAudit(manager, context.identity, {
      organizationId,
      action: 'annotation.updated',
      target: { type: 'Annotation', id },
      before: annotationDetails(annotation),
      after: annotationDetails(changed),
    });
    return changed;
  });
}

/** Deletes a note. Throws NotFound, and Forbidden for a note of another author below ADMIN. */
export async function deleteAnnotation(context: Context, { annotationId }: { annotationId: string }): Promise<string> {
  return change(context, annotationId, async (manager, annotation) => {
    const { id, organizationId } = annotation;
    await manager.delete(AnnotationEntity, { id, organizationId });
    await recordAudit(manager, context.identity, {
      organizationId,
      action: 'annotation.deleted',
      target: { type: 'Annotation', id },
      before: annotationDetails(annotation),
    });
    return id;
  });
}
