import type { Account } from '#integrations/entities/account.js';
import type { FoundOf, Product, Products } from '#integrations/providers/products.js';

/** As a provider's reader takes it. */
export type Question<Name extends Product> = { product: Name; account: Account } & Products[Name]['parameters'];

export interface Answer<Found> {
  found: Found;
  fetchedAt: Date;
  /** An earlier answer stands in for a failing provider. */
  isStale: boolean;
}

/** Loads an answer; undefined where the provider does not offer the product, or the account is inactive. */
export type AnswerLoader = <Name extends Product>(
  question: Question<Name>,
) => Promise<Answer<FoundOf<Name>> | undefined>;

/** Returns the part of a question's key that is not its account. */
export function parametersOf<Name extends Product>({ product, account: _, ...parameters }: Question<Name>): string {
  return `${product} ${JSON.stringify(parameters)}`;
}
