import { z } from 'zod';
import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import { type Annotation, AnnotationEntity } from '#integrations/entities/annotation.js';
import { existing } from '#integrations/loaders/own-row-by-id.js';
import { checkDays } from '#integrations/services/figures/figure-days.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Conflict, InvalidInput, Unauthenticated } from '#runtime/errors.js';
import { textUpTo } from '#runtime/name.js';
import { parseInput } from '#runtime/parse-input.js';

export const annotationText = textUpTo(500);

const input = z.object({ text: annotationText });

const MAX_ANNOTATIONS = 20_000;

export interface CreateAnnotationInput {
  range: DayRange;
  text: string;
  clientId?: string | null;
  accountId?: string | null;
}

/** What the audit trail says of a note. */
export const annotationDetails = ({ startsOn, endsOn, text, clientId, accountId }: Annotation) => ({
  startsOn,
  endsOn,
  text,
  clientId,
  accountId,
});

/** Writes a note on days. Throws InvalidInput, NotFound for an unknown client or account, and Conflict when there are too many. */
export async function createAnnotation(
  context: Context,
  { range, text: given, clientId, accountId }: CreateAnnotationInput,
): Promise<Annotation> {
  const { database, identity, services } = context;
  const { organizationId, userId = null, apiKeyId = null } = identity;
  if (!organizationId) throw new Unauthenticated();
  checkDays('range', range);
  const { text } = parseInput(input, { text: given });
  if (clientId && accountId) {
    throw new InvalidInput([{ argument: 'clientId', problem: 'and "accountId" must not be given both' }]);
  }
  const client = clientId ? existing(await context.clientById.load(clientId), 'client') : null;
  const account = accountId ? existing(await context.accountById.load(accountId), 'account') : null;
  const now = services.now();
  return database.transaction(async (manager) => {
    if ((await manager.countBy(AnnotationEntity, { organizationId })) >= MAX_ANNOTATIONS) {
      throw new Conflict(`There are ${MAX_ANNOTATIONS} notes already: delete some that are no longer of use.`);
    }
    const annotation = await manager.save(AnnotationEntity, {
      organizationId,
      startsOn: range.start,
      endsOn: range.end,
      text,
      clientId: client?.id ?? null,
      accountId: account?.id ?? null,
      createdBy: userId,
      createdByKey: userId ? null : apiKeyId,
      version: 1,
      createdAt: now,
      updatedAt: now,
    });
    await recordAudit(manager, identity, {
      organizationId,
      action: 'annotation.created',
      target: { type: 'Annotation', id: annotation.id },
      after: annotationDetails(annotation),
    });
    return annotation;
  });
}
