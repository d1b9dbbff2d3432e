import type { Facts, Purchase } from './derive-standing.js';

/** What a row of `billing.subscription` says that matters for its standing. */
export interface SubscriptionRow {
  trialEndsAt: Date;
  freeSince: Date | null;
  stripeSubscriptionId: string | null;
  status: Purchase['status'] | null;
  planId: string | null;
  periodEnd: Date | null;
  trialEnd: Date | null;
  startedAt: Date | null;
  firstSubscribedAt: Date | null;
  cancelAt: Date | null;
  endedAt: Date | null;
  endedBy: Purchase['endedBy'];
  isPaused: boolean;
  pausedUntil: Date | null;
  pendingPlanId: string | null;
  pendingAt: Date | null;
  pastDueSince: Date | null;
}

/** What an invoice says that matters for it. */
export interface InvoiceRow {
  stripeSubscriptionId: string | null;
  status: string;
  amountPaid: number;
  attemptCount: number;
  paidAt: Date | null;
  lines: readonly { isProration: boolean; planId: string | null; periodStart: string; periodEnd: string }[];
}

/** An invoice that was paid after its subscription had ended is worth a period from its payment on. */
function coveredUntil({ lines, paidAt }: InvoiceRow, endedAt: Date | null): number[] {
  return lines
    .filter(({ isProration, planId }) => planId !== null && !isProration)
    .map(({ periodStart, periodEnd }) => {
      const end = Date.parse(periodEnd);
      if (!endedAt || !paidAt || paidAt <= endedAt) return end;
      return paidAt.getTime() + end - Date.parse(periodStart);
    });
}

/** Returns the end of the last period of a subscription that is paid; null = none is. Trials are free, not paid. */
export function paidUntil(
  { stripeSubscriptionId, endedAt }: Pick<SubscriptionRow, 'stripeSubscriptionId' | 'endedAt'>,
  invoices: readonly InvoiceRow[],
): Date | null {
  const paid = invoices.filter(({ status, amountPaid }) => status === 'paid' && amountPaid > 0);
  const own = paid.filter((invoice) => invoice.stripeSubscriptionId === stripeSubscriptionId);
  const ends = own.flatMap((invoice) => coveredUntil(invoice, endedAt));
  return ends.length === 0 ? null : new Date(Math.max(...ends));
}

/** Returns the end of the last period whose invoice was voided before it was charged, as a pause does; null = there is none. */
function freeUntil({ stripeSubscriptionId }: SubscriptionRow, invoices: readonly InvoiceRow[]): Date | null {
  const ends = invoices
    .filter((invoice) => invoice.stripeSubscriptionId === stripeSubscriptionId)
    .filter(({ status, attemptCount }) => status === 'void' && attemptCount === 0)
    .flatMap((invoice) => coveredUntil(invoice, null));
  return ends.length === 0 ? null : new Date(Math.max(...ends));
}

/** Returns what an organization's standing depends on, as it is stored. `invoices` may be those of other subscriptions, too. */
export function factsOf(subscription: SubscriptionRow, invoices: readonly InvoiceRow[]): Facts {
  const { status, planId, periodEnd, cancelAt, pendingPlanId, pendingAt } = subscription;
  const { isPaused, pausedUntil, pastDueSince, endedBy, firstSubscribedAt, startedAt } = subscription;
  const trial = {
    trialEndsAt: subscription.trialEndsAt,
    isFreeChosen: subscription.freeSince !== null,
    hasSubscribed: firstSubscribedAt !== null && startedAt !== null && firstSubscribedAt < startedAt,
  };
  if (!status) return { ...trial, purchase: null };
  return {
    ...trial,
    purchase: {
      ...{ status, planId: planId ?? '', cancelAt, pastDueSince, endedBy },
      // A period that is not known is over.
      periodEnd: periodEnd ?? new Date(0),
      pendingChange: pendingPlanId !== null && pendingAt ? { planId: pendingPlanId, at: pendingAt } : null,
      pause: isPaused ? { resumesAt: pausedUntil } : null,
      paidUntil: paidUntil(subscription, invoices),
      freeUntil: freeUntil(subscription, invoices),
    },
  };
}
