/** Returns the currency of an account whose provider prices things. Throws for one that has none: our bug. */
export function currencyOf({ externalId, currency }: { externalId: string; currency: string | null }): string {
  if (currency) return currency;
  throw new Error(`Account ${externalId} has no currency`);
}
