import { discountAmounts } from '#simulator/stripe/billing/arithmetic/apply-discounts.js';
import {
  hasTaxLocation,
  type Taxpayer,
  taxOf,
  taxTreatmentOf,
} from '#simulator/stripe/billing/arithmetic/calculate-tax.js';
import { chargeable } from '#simulator/stripe/billing/arithmetic/currencies.js';
import { rateOf } from '#simulator/stripe/billing/arithmetic/price-amounts.js';
import type { Account, Customer, Invoice, LineItem } from '#simulator/stripe/billing/model.js';
import { effectiveDiscounts } from './discounts.js';

/** Fills in the discounts and taxes of the lines, and the sums, of an invoice that is not final. */
export function calculate(account: Account, invoice: Invoice): void {
  const lines = invoice.lines.data;
  const discounts = effectiveDiscounts(account, invoice.discounts, invoice.created);
  const off = discountAmounts(
    lines.map((line) => ({
      amount: line.amount,
      discountable: line.discountable,
      product: line.pricing?.price_details?.product ?? null,
    })),
    discounts,
    invoice.currency,
  );
  for (const [index, line] of lines.entries()) {
    const amounts = (off[index] ?? []).map((one) => ({ ...one, amount: chargeable(one.amount, invoice.currency) }));
    line.discount_amounts = amounts;
    line.pretax_credit_amounts = amounts.map(({ amount, discount }) => ({ amount, discount, type: 'discount' }));
  }
  calculateTaxes(account, invoice);
  sum(account, invoice);
}

/** Returns what decides a customer's tax. */
export function taxpayerOf(account: Account, customer: Customer): Taxpayer {
  return {
    country: customer.address?.country ?? null,
    postalCode: customer.address?.postal_code ?? null,
    exempt: customer.tax_exempt ?? 'none',
    taxIds: account.list('tax_id').filter((id) => id.customer === customer.id),
  };
}

/** What is left of a line after its discounts. */
export function netOf(line: LineItem): number {
  return line.amount - (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
}

function calculateTaxes(account: Account, invoice: Invoice): void {
  const customer = account.find('customer', String(invoice.customer));
  const taxpayer = customer && taxpayerOf(account, customer);
  const isTaxed = invoice.automatic_tax.enabled && taxpayer !== undefined && hasTaxLocation(taxpayer);
  if (invoice.automatic_tax.enabled) {
    invoice.automatic_tax.provider = 'stripe';
    invoice.automatic_tax.status = isTaxed ? 'complete' : 'requires_location_inputs';
  }
  const treatment = isTaxed ? taxTreatmentOf(taxpayer) : undefined;
  for (const line of invoice.lines.data) {
    const price = account.find('price', String(line.pricing?.price_details?.price));
    const behavior = (price && rateOf(account, price, invoice.currency)?.tax_behavior) ?? null;
    line.taxes = treatment
      ? [chargeableTax(taxOf(netOf(line), treatment, { behavior, currency: invoice.currency }), invoice.currency)]
      : [];
  }
}

function chargeableTax<T extends { amount: number }>(tax: T, currency: string): T {
  return { ...tax, amount: chargeable(tax.amount, currency) };
}

function sum(account: Account, invoice: Invoice): void {
  const lines = invoice.lines.data;
  const taxes = lines.flatMap((line) => line.taxes ?? []);
  const total = (amounts: readonly { amount: number }[]) => amounts.reduce((all, { amount }) => all + amount, 0);
  const exclusive = total(taxes.filter(({ tax_behavior }) => tax_behavior === 'exclusive'));
  const inclusive = total(taxes.filter(({ tax_behavior }) => tax_behavior === 'inclusive'));
  const discounts = lines.flatMap((line) => line.discount_amounts ?? []);
  invoice.subtotal = total(lines);
  invoice.subtotal_excluding_tax = invoice.subtotal - inclusive;
  invoice.total = invoice.subtotal - total(discounts) + exclusive;
  invoice.total_excluding_tax = invoice.total - exclusive - inclusive;
  invoice.total_discount_amounts = invoice.discounts.flatMap((id) => {
    const own = discounts.filter(({ discount }) => discount === id);
    return own.length === 0 ? [] : [{ amount: total(own), discount: id }];
  });
  invoice.total_pretax_credit_amounts = (invoice.total_discount_amounts ?? []).map(({ amount, discount }) => ({
    amount,
    discount: String(discount),
    type: 'discount',
  }));
  invoice.total_taxes = sumTaxes(taxes);
  const balance = account.find('customer', String(invoice.customer))?.balance ?? 0;
  const { due } = applyBalance(invoice.total, balance);
  invoice.starting_balance = balance;
  invoice.amount_due = due;
  invoice.amount_remaining = due;
}

/** Returns what is due after the customer's balance (negative = credit), and the balance afterwards. */
export function applyBalance(total: number, balance: number): { due: number; ending: number } {
  const net = total + balance;
  if (total <= 0) return { due: 0, ending: net };
  return net <= 0 ? { due: 0, ending: net } : { due: net, ending: 0 };
}

type Taxes = NonNullable<Invoice['total_taxes']>;

function sumTaxes(taxes: Taxes): Taxes {
  const sums = new Map<string, Taxes[number]>();
  for (const tax of taxes) {
    const key = JSON.stringify([tax.tax_rate_details, tax.tax_behavior, tax.taxability_reason]);
    const before = sums.get(key);
    sums.set(key, {
      ...tax,
      amount: (before?.amount ?? 0) + tax.amount,
      taxable_amount: (before?.taxable_amount ?? 0) + (tax.taxable_amount ?? 0),
    });
  }
  return [...sums.values()];
}
