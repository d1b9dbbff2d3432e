import type { Difference } from '#billing/sync/find-differences.js';

const MONEY: Partial<Record<Difference['table'], readonly string[]>> = {
  subscription: ['status', 'stripeSubscriptionId'],
  invoice: [
    ...['status', 'currency', 'subtotal', 'discountTotal', 'taxTotal', 'total', 'amountDue', 'amountPaid'],
    'amountRemaining',
  ],
  payment: ['status', 'currency', 'amount', 'amountRefunded', 'refunds', 'disputeStatus', 'disputeAmount'],
};

/** Whether a difference is one of money: an amount, whether something is paid, a refund or a dispute. */
export function isMoney({ table, field, ours, theirs }: Difference): boolean {
  const fields = MONEY[table];
  if (!fields) return false;
  if (field !== '*') return fields.includes(field);
  // A draft was never sent.
  return [ours, theirs].some((row) => row !== null && (row as { status?: unknown }).status !== 'draft');
}
