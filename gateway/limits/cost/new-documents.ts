import type { ASTVisitor, DocumentNode, GraphQLError, ValidationContext } from 'graphql';
import { measureTokens, refuse } from '#gateway/graph/size-limits.js';
import type { Allowance } from '#gateway/limits/allowances.js';
import { takeCost } from './take-cost.js';

/** Validating and planning a document takes far longer than running it again. */
const COST_PER_TOKEN = 5;

const refusals = new WeakMap<DocumentNode, GraphQLError>();

/** Counts and returns the cost of a document, valid or not, that is not in the cache. `refuseNewDocuments` refuses it. */
export async function countNewDocument(document: DocumentNode, allowance: Allowance | undefined): Promise<number> {
  const cost = measureTokens(document).tokens * COST_PER_TOKEN;
  if (!allowance) return cost;
  await takeCost(allowance, cost, `is new and costs ${cost}`).catch((refusal: GraphQLError) => {
    refusals.set(document, refusal);
  });
  return cost;
}

/** Whether a new document was beyond the allowance: then nothing was counted. */
export function isRefused(document: DocumentNode): boolean {
  return refusals.has(document);
}

/** Validation rule: refuses new documents beyond the allowance, as no plugin can before validation. */
export function refuseNewDocuments(context: ValidationContext): ASTVisitor {
  return {
    Document(document) {
      const refusal = refusals.get(document);
      if (refusal) refuse(context, refusal);
    },
  };
}
