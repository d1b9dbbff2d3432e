import type Stripe from 'stripe';
import type { Context } from '#billing/context.js';
import type { InvoiceLine } from '#billing/entities/invoice.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { askStripe } from '#billing/stripe/ask-stripe.js';
import { lineOf, sumOf } from '#billing/sync/rows-of-customer.js';
import type { BillingInterval } from '#runtime/entitlements/plans.js';
import { conflictIfChanged, presentSubscription } from './change-subscription.js';
import {
  DEFAULT_CURRENCY,
  type PlanChange,
  planChangeOf,
  type Target,
  targetOf,
  type WantedPlan,
} from './plan-change.js';
import { parametersOf, previewCharge, previewNext, prorationDateOf } from './plan-change-requests.js';
import { PREVIEW_SECONDS, signPreview } from './plan-change-token.js';

/** What a change of the plan would do; amounts are in the currency's smallest unit. */
export interface PlanChangePreview {
  previewId: string;
  expiresAt: Date;
  planId: string;
  interval: BillingInterval | null;
  currency: string;
  effectiveAt: Date;
  amountDue: number;
  tax: number;
  lines: InvoiceLine[];
  /** null = nothing is charged at once. */
  prorationDate: Date | null;
  /** null = there will be none. */
  nextInvoice: { amountDue: number; at: Date } | null;
}

type Charge = Pick<PlanChangePreview, 'amountDue' | 'tax' | 'lines' | 'prorationDate'>;

const NO_CHARGE: Charge = { amountDue: 0, tax: 0, lines: [], prorationDate: null };

async function chargeOf(context: Context, stripe: Stripe, change: PlanChange, target: Target): Promise<Charge> {
  if (change.kind !== 'AT_ONCE' || !change.isCharged) return NO_CHARGE;
  const prorationDate = prorationDateOf(context, change.live);
  const parameters = await parametersOf(context, change.live, { target, prorationDate });
  const { amount_due, total_taxes, lines } = await previewCharge(stripe, change.live, parameters);
  return {
    amountDue: amount_due,
    tax: sumOf(total_taxes),
    lines: lines.data.map(lineOf),
    prorationDate: new Date(prorationDate * 1000),
  };
}

function effectiveAt({ kind }: PlanChange, { periodEnd, pendingAt }: Subscription, now: Date): Date {
  if (kind === 'NONE') return pendingAt ?? now;
  return kind === 'AT_PERIOD_END' || kind === 'CANCEL' ? (periodEnd ?? now) : now;
}

async function nextInvoiceOf(
  context: Context,
  stripe: Stripe,
  { change, target, charge }: { change: PlanChange; target: Target; charge: Charge },
): Promise<PlanChangePreview['nextInvoice']> {
  const live = 'live' in change ? change.live : undefined;
  if (!live || !target.plan.prices) return null;
  const { items } = await parametersOf(context, live, { target, prorationDate: null });
  const { amount_due: amountDue } = await previewNext(stripe, live, { items });
  // Another interval begins at once.
  const ends = charge.lines.map(({ periodEnd }) => Date.parse(periodEnd));
  return { amountDue, at: new Date(Math.max(live.periodEnd?.getTime() ?? 0, ...ends)) };
}

/**
 * Returns what `changePlan` would do now, to the cent: it is asked of Stripe with the parameters of the change. Throws InvalidInput,
 * Conflict where something else comes first, and as askStripe does.
 */
export async function previewPlanChange(context: Context, wanted: WantedPlan): Promise<PlanChangePreview> {
  const { services } = context;
  const subscription = await presentSubscription(context);
  const target = targetOf(subscription, wanted);
  const change = planChangeOf(subscription, target);
  const [charge, nextInvoice] = await askStripe(services, async (stripe) => {
    const due = await chargeOf(context, stripe, change, target);
    return [due, await nextInvoiceOf(context, stripe, { change, target, charge: due })] as const;
  }).catch(async (error) => {
    throw await conflictIfChanged(context, subscription, error);
  });
  const { organizationId, currency } = subscription;
  const now = services.now();
  const { amountDue, prorationDate } = charge;
  const what = { planId: target.plan.id, interval: target.interval, currency: currency ?? DEFAULT_CURRENCY };
  const previewId = await signPreview(context, {
    ...{ ...what, organizationId, kind: change.kind, amountDue },
    prorationDate: prorationDate && prorationDate.getTime() / 1000,
  });
  const expiresAt = new Date(now.getTime() + PREVIEW_SECONDS * 1000);
  return { ...what, ...charge, previewId, expiresAt, effectiveAt: effectiveAt(change, subscription, now), nextInvoice };
}
