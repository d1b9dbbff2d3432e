import { addCycles, type Cadence, type Interval } from '#simulator/stripe/billing/arithmetic/periods.js';
import type { DiscountInput } from '#simulator/stripe/billing/invoices/discounts.js';
import type { Account, Schedule, Subscription } from '#simulator/stripe/billing/model.js';
import { mergedMetadata } from '#simulator/stripe/operation.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import type { ProrationBehavior } from './create-subscription.js';
import { type ItemInput, periodOf, sellablePrice } from './subscription-items.js';

export type Phase = Schedule['phases'][number];

/** A phase as it is sent. */
export interface PhaseInput {
  items: readonly ItemInput[];
  start_date?: number | 'now' | undefined;
  end_date?: number | 'now' | undefined;
  duration?: { interval: Interval; interval_count?: number | undefined } | undefined;
  discounts?: readonly DiscountInput[] | null | undefined;
  metadata?: Record<string, string> | null | undefined;
  proration_behavior?: ProrationBehavior | undefined;
}

/** Returns the phases that were sent, with their dates and items. Throws 400 for what does not fit together. */
export function resolvePhases(
  account: Account,
  subscription: Subscription,
  { inputs, before }: { inputs: readonly PhaseInput[]; before: Schedule },
): Phase[] {
  if (inputs[0]?.start_date === undefined)
    throw invalidRequest(
      'The subscription schedule update is missing at least one phase with a `start_date` to anchor end dates to.',
      { param: 'phases' },
    );
  const now = account.now(before.customer);
  const phases: Phase[] = [];
  for (const [index, input] of inputs.entries()) {
    const param = `phases[${index}]`;
    const start = input.start_date === 'now' ? now : (input.start_date ?? phases.at(-1)?.end_date ?? now);
    const last = phases.at(-1);
    if (last && start !== last.end_date)
      throw invalidRequest('Phases must follow each other without a gap or an overlap.', {
        param: `${param}[start_date]`,
      });
    const known = before.phases.find(({ start_date }) => start_date === start);
    if (start < now && !known)
      throw invalidRequest('You can not modify the start date of the current phase.', {
        param: `${param}[start_date]`,
      });
    if (input.items.length === 0) throw invalidRequest('A phase must have items.', { param: `${param}[items]` });
    const items = input.items.map((item, at) => phaseItem(account, item, `${param}[items][${at}]`, subscription));
    phases.push({
      ...blankPhase(subscription),
      ...(input.metadata && { metadata: input.metadata }),
      discounts: (input.discounts ?? []).map(({ coupon = null, discount = null, promotion_code = null }) => ({
        coupon,
        discount,
        promotion_code,
      })),
      items,
      proration_behavior: input.proration_behavior ?? 'create_prorations',
      start_date: start,
      end_date: endOf(input, { start, now, cadence: cadenceOfPhase(account, items), param }),
    });
  }
  return phases;
}

function endOf(
  { end_date, duration }: PhaseInput,
  { start, now, cadence, param }: { start: number; now: number; cadence: Cadence; param: string },
): number {
  if (end_date !== undefined && duration)
    throw invalidRequest('You may only specify one of these parameters: end_date, duration.', {
      code: 'parameters_exclusive',
      param: `${param}[duration]`,
    });
  const end = end_date === 'now' ? now : end_date;
  if (end !== undefined && end <= start)
    throw invalidRequest('The end date of a phase must be after its start date.', { param: `${param}[end_date]` });
  if (end !== undefined) return end;
  if (!duration) return addCycles(start, cadence, 1);
  return addCycles(start, { interval: duration.interval, interval_count: duration.interval_count ?? 1 }, 1);
}

function cadenceOfPhase(account: Account, items: Phase['items']): Cadence {
  return account.get('price', String(items[0]?.price)).recurring as Cadence;
}

function phaseItem(
  account: Account,
  input: ItemInput,
  param: string,
  subscription: Subscription,
): Phase['items'][number] {
  const owned = subscription.items.data.find(({ price }) => price.id === input.price);
  const price = owned ? account.get('price', owned.price.id) : sellablePrice(account, input, param);
  return {
    billing_thresholds: null,
    discounts: [],
    metadata: mergedMetadata({}, input.metadata),
    plan: price.id,
    price: price.id,
    ...(price.recurring?.usage_type !== 'metered' && { quantity: input.quantity ?? 1 }),
    tax_rates: [],
  };
}

/** Returns the present period and items of a subscription as a phase. */
export function currentPhase(subscription: Subscription): Phase {
  const { start, end } = periodOf(subscription);
  return {
    ...blankPhase(subscription),
    discounts: subscription.discounts.map((discount) => ({ coupon: null, discount, promotion_code: null })),
    end_date: end,
    items: subscription.items.data.map(({ price, quantity, metadata }) => ({
      billing_thresholds: null,
      discounts: [],
      metadata,
      plan: price.id,
      price: price.id,
      ...(quantity !== undefined && { quantity }),
      tax_rates: [],
    })),
    start_date: start,
    trial_end: subscription.trial_end,
  };
}

function blankPhase({ currency }: Subscription): Phase {
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: null,
    currency,
    default_payment_method: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    end_date: 0,
    invoice_settings: null,
    items: [],
    metadata: {},
    on_behalf_of: null,
    proration_behavior: 'create_prorations',
    start_date: 0,
    transfer_data: null,
    trial_end: null,
  };
}
