import type { Context } from '#integrations/context.js';
import type { SavedView } from '#integrations/entities/saved-view.js';
import type { PerformanceArguments } from '#integrations/services/performance/performance-question.js';
import { checkPerformance } from '#integrations/services/performance/read-performance.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { Forbidden, Unauthenticated } from '#runtime/errors.js';
import { hasRole } from '#runtime/identity/identity.js';
import { nameUpTo } from '#runtime/name.js';

/** The arguments of a saved question; what the answer takes besides is given when it is asked. */
export type PerformanceViewQuestion = Omit<PerformanceArguments, 'organizationId' | 'timeZone' | 'first' | 'after'>;

/** As it is given; nothing to group by may be left out. */
export type PerformanceViewInput = Omit<PerformanceViewQuestion, 'groupBy'> &
  Partial<Pick<PerformanceViewQuestion, 'groupBy'>>;

export const viewName = nameUpTo(200);

const MAX_QUESTION_BYTES = 16_384;

/** Returns a question to save. Throws as `performance` would for it, and InvalidInput for one that cannot be stored. */
export async function checkedQuestion(context: Context, given: PerformanceViewInput): Promise<PerformanceViewQuestion> {
  const { organizationId } = context.identity;
  if (!organizationId) throw new Unauthenticated();
  const question = { ...given, groupBy: given.groupBy ?? [] };
  const text = JSON.stringify(question);
  if (text.includes('\\u0000')) throw refusal('performance', 'must not contain a zero character');
  if (Buffer.byteLength(text) > MAX_QUESTION_BYTES)
    throw refusal('performance', `must be smaller than ${MAX_QUESTION_BYTES} bytes`);
  // Which days a period has in which time zone makes no difference to whether it can be asked.
  await checkPerformance(context, { ...question, organizationId, timeZone: 'UTC', first: 1 });
  return question;
}

/** Throws Forbidden for a caller below ANALYST, who may save views for themselves only. */
export function requireSharing({ identity }: Context): void {
  if (!hasRole(identity, 'ANALYST')) throw new Forbidden('Sharing a view needs the role ANALYST.');
}

/** What the audit trail says of a view. */
export const viewDetails = ({ name, kind, isShared, question }: SavedView) => ({ name, kind, isShared, question });
