import type { Context } from '#integrations/context.js';
import type { Product } from '#integrations/providers/products.js';
import type { AppError } from '#runtime/errors.js';
import type { Question } from './question.js';

/** Returns the questions about what the organization's plan does not include, each with the reason: nothing is asked of it. */
export async function refusedByPlan<Name extends Product>(
  { plan }: Context,
  questions: readonly Question<Name>[],
): Promise<Map<Question<Name>, AppError>> {
  const refused = new Map<Question<Name>, AppError>();
  for (const question of questions) {
    const refusal = await plan.refusalOfAccount(question.account);
    if (refusal) refused.set(question, refusal);
  }
  return refused;
}
