import { addCycles, type Cadence, type Interval } from '#simulator/stripe/billing/arithmetic/periods.js';
import { atomically } from '#simulator/stripe/billing/fork.js';
import { type DiscountInput, redeem } from '#simulator/stripe/billing/invoices/discounts.js';
import {
  type Account,
  type Schedule,
  type Subscription,
  type SubscriptionItem,
  subscriptionExtra,
} from '#simulator/stripe/billing/model.js';
import { mergedMetadata } from '#simulator/stripe/operation.js';
import { previousAttributes } from '#simulator/stripe/previous-attributes.js';
import { invalidRequest, StripeError } from '#simulator/stripe/wire/stripe-error.js';
import type { ProrationBehavior } from './create-subscription.js';
import {
  cadenceOf,
  type ItemInput,
  isMetered,
  isSameCadence,
  newItem,
  periodOf,
  priceFields,
  sellablePrice,
} from './subscription-items.js';
import { endSubscription } from './subscription-status.js';
import { update } from './update-subscription.js';

type Phase = Schedule['phases'][number];

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

export interface ScheduleChange {
  end_behavior?: 'cancel' | 'release' | undefined;
  metadata?: Record<string, string> | null | undefined;
  phases?: readonly PhaseInput[] | undefined;
  proration_behavior?: ProrationBehavior | undefined;
}

/** Puts a running subscription under a schedule whose only phase is its current period. */
export function scheduleFromSubscription(
  account: Account,
  id: string,
  { metadata }: { metadata?: Record<string, string> | null | undefined },
): Schedule {
  const subscription = account.get('subscription', id, 'from_subscription');
  if (subscription.schedule)
    throw invalidRequest(
      `You cannot migrate a subscription that is already attached to a schedule: ${subscription.schedule}.`,
      { param: 'from_subscription' },
    );
  if (!['active', 'trialing', 'past_due'].includes(subscription.status))
    throw invalidRequest(`You cannot create a schedule from a subscription with the status ${subscription.status}.`, {
      param: 'from_subscription',
    });
  const { start, end } = periodOf(subscription);
  const schedule = account.add('subscription_schedule', {
    application: null,
    billing_mode: subscription.billing_mode,
    canceled_at: null,
    completed_at: null,
    created: account.now(subscription.customer),
    current_phase: { start_date: start, end_date: end },
    customer: subscription.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      automatic_tax: subscription.automatic_tax,
      billing_cycle_anchor: 'automatic',
      billing_thresholds: null,
      collection_method: 'charge_automatically',
      default_payment_method: null,
      description: null,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: 'self' },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: subscription.cancel_at === null ? 'release' : 'cancel',
    livemode: false,
    metadata: mergedMetadata({}, metadata),
    pause_schedules: [],
    phases: [currentPhase(subscription)],
    released_at: null,
    released_subscription: null,
    status: 'active',
    subscription: subscription.id,
    test_clock: subscription.test_clock,
  } as Omit<Schedule, 'id' | 'object'>);
  account.emit('subscription_schedule.created', schedule);
  account.change(subscription, { schedule: schedule.id }, 'customer.subscription.updated');
  return schedule;
}

/** Changes a schedule; what differs in its current phase takes effect at once. Throws without having changed anything. */
export function updateSchedule(account: Account, id: string, params: ScheduleChange): Schedule {
  const { customer, status } = account.get('subscription_schedule', id);
  if (status !== 'active')
    throw invalidRequest(
      `You cannot update a subscription schedule that is currently in the \`${status}\` status. You may only update a subscription schedule with the \`not_started\` or \`active\` status.`,
    );
  return atomically(account, customer, (copy) => change(copy, id, params));
}

function change(account: Account, id: string, params: ScheduleChange): Schedule {
  const schedule = account.get('subscription_schedule', id);
  const before = structuredClone(schedule);
  if (params.end_behavior) schedule.end_behavior = params.end_behavior;
  schedule.metadata = mergedMetadata(schedule.metadata ?? {}, params.metadata);
  const subscription = account.get('subscription', String(schedule.subscription));
  if (params.phases) {
    schedule.phases = resolvePhases(account, subscription, { inputs: params.phases, before: schedule });
    const now = account.now(schedule.customer);
    const current = schedule.phases.find(({ start_date, end_date }) => start_date <= now && now < end_date);
    if (!current)
      throw invalidRequest('The subscription schedule must have a phase that contains the current time.', {
        param: 'phases',
      });
    schedule.current_phase = { start_date: current.start_date, end_date: current.end_date };
    applyItems(account, subscription, { phase: current, behavior: params.proration_behavior ?? 'create_prorations' });
  }
  const previous = previousAttributes(before, schedule);
  if (Object.keys(previous).length > 0) account.emit('subscription_schedule.updated', schedule, previous);
  return schedule;
}

function resolvePhases(
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

function currentPhase(subscription: Subscription): Phase {
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

/** The current phase is over: the next one begins, or the schedule ends as it says. */
export function advancePhase(account: Account, schedule: Schedule): void {
  const subscription = account.get('subscription', String(schedule.subscription));
  const end = schedule.current_phase?.end_date ?? 0;
  const next = schedule.phases.find(({ start_date }) => start_date === end);
  if (!next) {
    if (schedule.end_behavior === 'cancel') complete(account, schedule, subscription);
    else releaseSchedule(account, schedule.id);
    return;
  }
  try {
    applyItems(account, subscription, { phase: next, behavior: next.proration_behavior as ProrationBehavior });
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    abort(account, schedule, subscription);
    return;
  }
  account.change(
    schedule,
    { current_phase: { start_date: next.start_date, end_date: next.end_date } },
    'subscription_schedule.updated',
  );
}

/** A phase that cannot begin ends its schedule; the subscription goes on as it is. */
function abort(account: Account, schedule: Schedule, subscription: Subscription): void {
  account.change(schedule, { canceled_at: account.now(schedule.customer), current_phase: null, status: 'canceled' });
  account.emit('subscription_schedule.aborted', schedule);
  account.change(subscription, { schedule: null }, 'customer.subscription.updated');
}

function complete(account: Account, schedule: Schedule, subscription: Subscription): void {
  account.change(schedule, {
    completed_at: account.now(schedule.customer),
    current_phase: null,
    status: 'completed',
  });
  endSubscription(account, subscription);
  account.emit('subscription_schedule.completed', schedule);
}

function applyItems(
  account: Account,
  subscription: Subscription,
  { phase, behavior }: { phase: Phase; behavior: ProrationBehavior },
): void {
  const now = account.now(subscription.customer);
  const discounts = phase.discounts as DiscountInput[];
  const isNew = discounts.some(({ discount }) => !discount);
  const { end } = periodOf(subscription);
  if (now >= end) {
    swapItems(account, subscription, phase);
    if (isNew)
      subscription.discounts = redeem(
        account,
        discounts.map(({ coupon, promotion_code, discount }) => ({
          coupon: coupon ?? undefined,
          promotion_code: promotion_code ?? undefined,
          discount: discount ?? undefined,
        })),
        {
          customer: subscription.customer,
          currency: subscription.currency,
          subscription: subscription.id,
          start: now,
          param: 'phases',
        },
      );
    return;
  }
  const items = itemChanges(subscription, phase);
  if (items.length > 0) update(account, subscription.id, { items, proration_behavior: behavior });
}

/** At the end of a period there is nothing to prorate: the renewal that follows charges the new prices. */
function swapItems(account: Account, subscription: Subscription, phase: Phase): void {
  const before = cadenceOf(subscription);
  const period = periodOf(subscription);
  const old = [...subscription.items.data];
  subscription.items.data = phase.items.map((wanted) => {
    const price = account.get('price', String(wanted.price));
    const at = Math.max(
      0,
      old.findIndex((item) => item.price.id === price.id),
    );
    const [kept] = old.splice(at, 1);
    const item = kept ?? newItem(account, subscription, { price, input: {}, period });
    return { ...item, ...priceFields(price, wanted.quantity) } as SubscriptionItem;
  });
  subscriptionExtra(account, subscription).endedItems = old.filter(({ price }) => isMetered(price));
  if (!isSameCadence(before, cadenceOf(subscription))) subscription.billing_cycle_anchor = period.end;
}

function itemChanges(subscription: Subscription, phase: Phase): ItemInput[] {
  const left = [...subscription.items.data];
  const changes: ItemInput[] = [];
  const added: ItemInput[] = [];
  for (const { price, quantity } of phase.items) {
    const at = left.findIndex((item) => item.price.id === price);
    const [same] = at < 0 ? [] : left.splice(at, 1);
    if (!same) added.push({ price: String(price), quantity });
    else if (same.quantity !== quantity) changes.push({ id: same.id, quantity });
  }
  for (const item of left) {
    const [next] = added.splice(0, 1);
    changes.push(next ? { ...next, id: item.id } : { id: item.id, deleted: true });
  }
  return [...changes, ...added];
}

/** Lets a subscription go on without its schedule. Throws 400 for one that is not active. */
export function releaseSchedule(account: Account, id: string): Schedule {
  const schedule = account.get('subscription_schedule', id);
  requireActive(schedule, 'release');
  const subscription = account.find('subscription', String(schedule.subscription));
  account.change(schedule, {
    current_phase: null,
    released_at: account.now(schedule.customer),
    released_subscription: schedule.subscription as string,
    status: 'released',
    subscription: null,
  });
  account.emit('subscription_schedule.released', schedule);
  if (subscription) account.change(subscription, { schedule: null }, 'customer.subscription.updated');
  return schedule;
}

/** Cancels a schedule and its subscription at once. Throws 400 for one that is not active. */
export function cancelSchedule(account: Account, id: string): Schedule {
  const schedule = account.get('subscription_schedule', id);
  requireActive(schedule, 'cancel');
  const subscription = account.find('subscription', String(schedule.subscription));
  if (subscription) endSubscription(account, subscription, { reason: 'cancellation_requested' });
  return schedule;
}

function requireActive({ status }: Schedule, verb: string): void {
  if (status !== 'active' && status !== 'not_started')
    throw invalidRequest(
      `You cannot ${verb} a subscription schedule that is currently in the \`${status}\` status. It must be in the \`not_started\` or \`active\` status.`,
    );
}
