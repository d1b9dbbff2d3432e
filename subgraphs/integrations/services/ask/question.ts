import type { Account } from '#integrations/entities/account.js';
import type { FoundOf, Product, Products } from '#integrations/providers/products.js';

/** A question about one product of one account; also what a provider's reader takes. */
export type Question<Name extends Product> = { product: Name; account: Account } & Products[Name]['parameters'];

/** What was found, and how old it is. */
export interface Answer<Found> {
  found: Found;
  fetchedAt: Date;
  /** Whether an earlier answer stands in for a provider that fails. */
  isStale: boolean;
}

/**
 * Loads the answer to a question; undefined where the provider does not offer the product, or the account is inactive.
 * Questions of one operation to one connection are asked in one go.
 */
export type AnswerLoader = <Name extends Product>(
  question: Question<Name>,
) => Promise<Answer<FoundOf<Name>> | undefined>;

/** Returns what tells two questions about the same account apart, and nothing else. */
export function parametersOf<Name extends Product>({ product, account: _, ...parameters }: Question<Name>): string {
  return `${product} ${JSON.stringify(parameters)}`;
}
