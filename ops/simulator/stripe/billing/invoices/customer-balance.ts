import type { Account, Customer, Invoice } from '#simulator/stripe/billing/model.js';

/** Changes what a customer owes (positive) or is owed (negative). */
export function changeBalance(
  account: Account,
  customer: Customer,
  change: {
    amount: number;
    currency: string;
    invoice?: string;
    type: 'adjustment' | 'applied_to_invoice' | 'invoice_too_small' | 'unapplied_from_invoice';
    description?: string | null;
    metadata?: Record<string, string>;
  },
) {
  const ending = customer.balance + change.amount;
  const transaction = account.add('customer_balance_transaction', {
    amount: change.amount,
    checkout_session: null,
    created: account.now(customer.id),
    credit_note: null,
    currency: change.currency,
    customer: customer.id,
    customer_account: null,
    description: change.description ?? null,
    ending_balance: ending,
    invoice: change.invoice ?? null,
    livemode: false,
    metadata: change.metadata ?? {},
    type: change.type,
  });
  const credits = { ...customer.invoice_credit_balance, [change.currency]: ending };
  account.change(
    customer,
    {
      balance: ending,
      currency: change.currency,
      ...(customer.invoice_credit_balance && { invoice_credit_balance: credits }),
    },
    'customer.updated',
  );
  return transaction;
}

/** Takes back what an invoice has taken of the customer's balance. */
export function giveBackBalance(account: Account, invoice: Invoice): void {
  const applied = (invoice.ending_balance ?? 0) - invoice.starting_balance;
  const customer = account.find('customer', String(invoice.customer));
  if (applied === 0 || !customer) return;
  changeBalance(account, customer, {
    amount: -applied,
    currency: invoice.currency,
    invoice: invoice.id,
    type: 'unapplied_from_invoice',
  });
}
