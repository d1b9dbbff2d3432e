import { chargeable, formatAmount } from '#simulator/stripe/billing/arithmetic/currencies.js';
import type { Period } from '#simulator/stripe/billing/arithmetic/periods.js';
import { amountOf, unitAmountOf } from '#simulator/stripe/billing/arithmetic/price-amounts.js';
import { amountOfRest } from '#simulator/stripe/billing/arithmetic/prorate.js';
import type {
  Account,
  Debit,
  InvoiceItem,
  LineItem,
  Price,
  Subscription,
  SubscriptionItem,
} from '#simulator/stripe/billing/model.js';
import { randomText } from '#simulator/stripe/objects.js';

/** A line before discounts and taxes. */
export interface LineDraft {
  amount: number;
  description: string;
  period: Period;
  price: Price;
  quantity: number;
  unitAmount: string | null;
  proration: boolean;
  subscription: string | null;
  item: string | null;
  /** Of a pending invoice item that becomes a line. */
  invoiceItem?: string;
  /** What a credit gives back. */
  credited?: { invoice: string; line: string } | null;
  /** Whether later credits of the item are computed from this line. */
  isDebit: boolean;
}

/** What an item costs, and when. */
export interface Charge {
  account: Account;
  subscription: Pick<Subscription, 'id' | 'currency'>;
  item: Pick<SubscriptionItem, 'id' | 'price' | 'quantity'>;
  period: Period;
}

/** The whole price of a period that begins. */
export function recurringLine({ account, subscription, item, period }: Charge): LineDraft {
  const quantity = item.quantity ?? 1;
  const { name, unit, every } = namesOf(account, item.price, subscription.currency);
  return {
    amount: priced(account, item.price, subscription.currency, quantity),
    description: unit === null ? `${quantity} × ${name}` : `${quantity} × ${name} (at ${unit}${every})`,
    period,
    price: item.price,
    quantity,
    unitAmount: unitAmountOf(account, item.price, subscription.currency),
    proration: false,
    subscription: subscription.id,
    item: item.id,
    isDebit: true,
  };
}

/** A period that costs nothing. */
export function trialLine(charge: Charge): LineDraft {
  const line = recurringLine(charge);
  const { name } = namesOf(charge.account, charge.item.price, charge.subscription.currency);
  return { ...line, amount: 0, unitAmount: '0', description: `Trial period for ${name}`, isDebit: false };
}

/** What was used in a period that ended. */
export function usageLine(charge: Charge, used: number): LineDraft {
  return { ...recurringLine({ ...charge, item: { ...charge.item, quantity: used } }), isDebit: false };
}

/** What the rest of a period costs, from `from` on; `net` is what discounts leave of the whole period. */
export function debitLine(charge: Charge, from: number, net?: number): LineDraft {
  const line = recurringLine(charge);
  const { name } = namesOf(charge.account, charge.item.price, charge.subscription.currency);
  return {
    ...line,
    amount: chargeable(amountOfRest(net ?? line.amount, charge.period, from), charge.subscription.currency),
    description: `Remaining time on ${counted(line.quantity, name)} after ${dayOf(from)}`,
    period: { start: from, end: charge.period.end },
    unitAmount: null,
    proration: true,
  };
}

/** What is given back of a debit for the time from `from` on. */
export function creditLine(charge: Charge, debit: Debit, from: number): LineDraft {
  const { name } = namesOf(charge.account, charge.item.price, charge.subscription.currency);
  const unused = chargeable(amountOfRest(debit.amount, debit, from), charge.subscription.currency);
  return {
    amount: unused === 0 ? 0 : -unused,
    description: `Unused time on ${counted(debit.quantity, name)} after ${dayOf(from)}`,
    period: { start: from, end: debit.end },
    price: charge.item.price,
    quantity: debit.quantity,
    unitAmount: null,
    proration: true,
    subscription: charge.subscription.id,
    item: charge.item.id,
    credited: debit.invoice && debit.line ? { invoice: debit.invoice, line: debit.line } : null,
    isDebit: false,
  };
}

/** Returns the line of a pending invoice item; items without a price keep their amount. */
export function lineOfInvoiceItem(item: InvoiceItem, invoice: string): LineItem {
  return {
    ...emptyLine(invoice, item.currency),
    amount: item.amount,
    description: item.description,
    discountable: item.discountable,
    metadata: item.metadata ?? {},
    parent: {
      type: 'invoice_item_details',
      invoice_item_details: {
        invoice_item: item.id,
        proration: item.proration,
        proration_details: item.proration ? { credited_items: null } : null,
        subscription: item.parent?.subscription_details?.subscription ?? null,
      },
      subscription_item_details: null,
    },
    period: item.period,
    pricing: item.pricing,
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal,
    subscription: item.parent?.subscription_details?.subscription ?? null,
    subtotal: item.amount,
  };
}

/** Returns a line of a subscription as the invoice lists it. */
export function lineOfDraft(draft: LineDraft, invoice: string, currency: string): LineItem {
  const { credited, item, subscription } = draft;
  return {
    ...emptyLine(invoice, currency),
    amount: draft.amount,
    description: draft.description,
    discountable: !draft.proration,
    parent: {
      type: 'subscription_item_details',
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: draft.proration,
        proration_details: draft.proration
          ? { credited_items: credited ? { invoice: credited.invoice, invoice_line_items: [credited.line] } : null }
          : null,
        subscription,
        subscription_item: item ?? '',
      },
    },
    period: draft.period,
    pricing: pricingOf(draft),
    quantity: draft.quantity,
    quantity_decimal: String(draft.quantity),
    subscription,
    subtotal: draft.amount,
  };
}

/** What a line says of its price. */
export function pricingOf({ price, unitAmount }: Pick<LineDraft, 'price' | 'unitAmount'>): LineItem['pricing'] {
  return {
    price_details: { price: price.id, product: price.product },
    type: 'price_details',
    unit_amount_decimal: unitAmount,
  };
}

function emptyLine(invoice: string, currency: string): LineItem {
  return {
    id: `il_1${randomText(23)}`,
    object: 'line_item',
    amount: 0,
    currency,
    description: null,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice,
    livemode: false,
    metadata: {},
    parent: null,
    period: { start: 0, end: 0 },
    pretax_credit_amounts: [],
    pricing: null,
    quantity: 1,
    quantity_decimal: '1',
    subscription: null,
    subtotal: 0,
    taxes: [],
  };
}

function priced(account: Account, price: Price, currency: string, quantity: number): number {
  return chargeable(amountOf(account, price, { currency, quantity }), currency);
}

function namesOf(account: Account, price: Price, currency: string) {
  const name = account.find('product', price.product)?.name ?? price.product;
  const unit = unitAmountOf(account, price, currency);
  const { interval = 'month', interval_count = 1 } = price.recurring ?? {};
  return {
    name,
    unit: unit === null ? null : formatAmount(unit, currency),
    every: interval_count === 1 ? ` / ${interval}` : ` every ${interval_count} ${interval}s`,
  };
}

function counted(quantity: number, name: string): string {
  return quantity === 1 ? name : `${quantity} × ${name}`;
}

function dayOf(instant: number): string {
  return new Date(instant * 1000).toLocaleDateString('en-GB', {
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
}
