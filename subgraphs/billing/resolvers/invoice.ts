import type {
  InvoiceLineResolvers,
  InvoiceResolvers,
  InvoiceStatus,
  InvoiceTaxResolvers,
  PlanChangeLineResolvers,
} from '#billing/resolver-types.js';
import { moneyOf } from '#billing/stripe/amounts.js';
import { findPlan } from '#runtime/entitlements/plans.js';

const instant = (iso: string) => new Date(iso);

export const InvoiceLine: InvoiceLineResolvers = {
  amount: ({ amount, currency }) => moneyOf(amount, currency),
  plan: ({ planId }) => (planId === null ? null : (findPlan(planId) ?? null)),
  periodStart: ({ periodStart }) => instant(periodStart),
  periodEnd: ({ periodEnd }) => instant(periodEnd),
};

/** Of a charge that was not made yet. */
export const PlanChangeLine: PlanChangeLineResolvers = {
  amount: ({ amount, currency }) => moneyOf(amount, currency),
  periodStart: ({ periodStart }) => instant(periodStart),
  periodEnd: ({ periodEnd }) => instant(periodEnd),
};

export const InvoiceTax: InvoiceTaxResolvers = {
  amount: ({ amount, currency }) => moneyOf(amount, currency),
  taxableAmount: ({ taxableAmount, currency }) => (taxableAmount === null ? null : moneyOf(taxableAmount, currency)),
  isInclusive: ({ behavior }) => behavior === 'inclusive',
};

export const Invoice: InvoiceResolvers = {
  status: ({ status }) => status.toUpperCase() as InvoiceStatus,
  subtotal: ({ subtotal, currency }) => moneyOf(subtotal, currency),
  discount: ({ discountTotal, currency }) => moneyOf(discountTotal, currency),
  tax: ({ taxTotal, currency }) => moneyOf(taxTotal, currency),
  total: ({ total, currency }) => moneyOf(total, currency),
  amountDue: ({ amountDue, currency }) => moneyOf(amountDue, currency),
  amountPaid: ({ amountPaid, currency }) => moneyOf(amountPaid, currency),
  amountRemaining: ({ amountRemaining, currency }) => moneyOf(amountRemaining, currency),
  needsConfirmation: ({ paymentStatus }) => paymentStatus === 'requires_action',
  lines: ({ lines, currency }) => lines.map((line) => ({ ...line, currency })),
  taxes: ({ taxes, currency }) => taxes.map((tax) => ({ ...tax, currency })),
};
