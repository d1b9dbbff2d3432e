import type { Account } from '../entities/account.js';
import type { Equipment } from '../equipment.js';
import type { Product } from '../providers/products.js';

/** Whether the account's provider knows a product. Of a provider this installation lost nothing is known: asking says so. */
export function hasProduct({ providers }: Equipment, { providerId }: Account, product: Product): boolean {
  const provider = providers.find(providerId);
  return !provider || provider.readers[product] !== undefined;
}
