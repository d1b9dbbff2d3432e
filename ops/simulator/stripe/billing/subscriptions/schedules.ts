import { atomically } from '#simulator/stripe/billing/fork.js';
import type { Account, Schedule, Subscription } from '#simulator/stripe/billing/model.js';
import { mergedMetadata } from '#simulator/stripe/operation.js';
import { previousAttributes } from '#simulator/stripe/previous-attributes.js';
import { invalidRequest, StripeError } from '#simulator/stripe/wire/stripe-error.js';
import { applyItems } from './apply-phase.js';
import type { ProrationBehavior } from './create-subscription.js';
import { currentPhase, type PhaseInput, resolvePhases } from './schedule-phases.js';
import { periodOf } from './subscription-items.js';
import { endSubscription } from './subscription-status.js';

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
