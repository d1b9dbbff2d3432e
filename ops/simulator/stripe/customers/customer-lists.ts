import type { StripeAccount } from '#simulator/stripe/account.js';
import { type Include, listOf } from '#simulator/stripe/operation.js';

type Customer = { id: string };

/** What is left out of a customer unless requested. */
export const customerLists: Record<string, Include> = {
  sources: (_account, { id }: Customer) => listOf([], `/v1/customers/${id}/sources`),
  subscriptions: (account, { id }: Customer) =>
    listOf(
      account.list('subscription').filter(({ customer, status }) => customer === id && status !== 'canceled'),
      `/v1/customers/${id}/subscriptions`,
    ),
  tax_ids: (account, { id }: Customer) => listOf(taxIdsOf(account, id), `/v1/customers/${id}/tax_ids`),
  invoice_credit_balance: (account, { id }: Customer) => {
    const { balance, currency } = account.get('customer', id);
    return currency && balance !== 0 ? { [currency]: balance } : {};
  },
  tax: (account, { id }: Customer) => taxOf(account, id),
};

/** Tax ids of a customer, newest first. */
export function taxIdsOf(account: StripeAccount, id: string) {
  return account.list('tax_id').filter(({ customer }) => customer === id);
}

/** Whether automatic tax knows where a customer is. */
function taxOf(account: StripeAccount, id: string) {
  const { address } = account.get('customer', id);
  const country = address?.country;
  return {
    automatic_tax: country ? 'supported' : 'unrecognized_location',
    ip_address: null,
    location: country ? { country, source: 'billing_address', state: address.state ?? null } : null,
    provider: 'stripe',
  };
}
