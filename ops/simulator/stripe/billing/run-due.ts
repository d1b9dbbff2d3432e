import { collect } from './invoices/collect-invoice.js';
import { finalizeInvoice } from './invoices/finalize-invoice.js';
import { markUncollectible, voidInvoice } from './invoices/settle-invoice.js';
import { type Account, type Invoice, type Schedule, type Subscription, subscriptionExtra } from './model.js';
import { endTrial, invoiceNoticeAt, renew } from './subscriptions/renew.js';
import { advancePhase } from './subscriptions/schedules.js';
import { endAsPlanned, expire } from './subscriptions/stop-subscription.js';
import { periodOf } from './subscriptions/subscription-items.js';
import { subscriptionOf } from './subscriptions/subscription-status.js';
import { announceTrialEnd, trialNoticeAt } from './subscriptions/trial-notice.js';
import { expirePendingUpdate } from './subscriptions/update-subscription.js';
import { previewOf } from './upcoming.js';

/** Something that happens by itself. */
interface Transition {
  /** Seconds. */
  at: number;
  run(): void;
}

/**
 * Does what has become due up to a moment (seconds), each at the moment it was due, in that order; of customers on one
 * test clock, or of those on none.
 */
export function runDueUntil(account: Account, testClock: string | null, until: number): void {
  for (;;) {
    const next = earliest(dueOn(account, testClock));
    if (!next || next.at > until) return;
    account.at(next.at, () => next.run());
  }
}

function earliest(transitions: Iterable<Transition>): Transition | undefined {
  let first: Transition | undefined;
  for (const one of transitions) if (!first || one.at < first.at) first = one;
  return first;
}

/** At one moment: changes of plan before renewals, and what ends before what goes on. */
function* dueOn(account: Account, testClock: string | null): Generator<Transition> {
  for (const schedule of account.list('subscription_schedule'))
    if (schedule.test_clock === testClock) yield* dueOfSchedule(account, schedule);
  for (const subscription of account.list('subscription'))
    if (subscription.test_clock === testClock) yield* dueOfSubscription(account, subscription);
  for (const invoice of account.list('invoice'))
    if (invoice.test_clock === testClock) yield* dueOfInvoice(account, invoice);
}

function* dueOfSchedule(account: Account, schedule: Schedule): Generator<Transition> {
  if (schedule.status === 'active' && schedule.current_phase)
    yield { at: schedule.current_phase.end_date, run: () => advancePhase(account, schedule) };
}

const RENEWING = new Set<string>(['active', 'past_due', 'unpaid']);

function* dueOfSubscription(account: Account, subscription: Subscription): Generator<Transition> {
  const { status } = subscription;
  if (status === 'canceled' || status === 'incomplete_expired') return;
  const extra = subscriptionExtra(account, subscription);
  if (typeof extra.expiresAt === 'number') yield { at: extra.expiresAt, run: () => expire(account, subscription) };
  if (subscription.cancel_at !== null && status !== 'incomplete')
    yield { at: subscription.cancel_at, run: () => endAsPlanned(account, subscription) };
  if (subscription.pending_update)
    yield { at: subscription.pending_update.expires_at, run: () => expirePendingUpdate(account, subscription) };
  const resumesAt = subscription.pause_collection?.resumes_at;
  if (typeof resumesAt === 'number')
    yield {
      at: resumesAt,
      run: () => account.change(subscription, { pause_collection: null }, 'customer.subscription.updated'),
    };
  if (status === 'trialing') {
    if (extra.trialEndAnnounced !== subscription.trial_end)
      yield { at: trialNoticeAt(subscription), run: () => announceTrialEnd(account, subscription) };
    yield { at: periodOf(subscription).end, run: () => endTrial(account, subscription) };
  } else if (RENEWING.has(status)) {
    const { end } = periodOf(subscription);
    if (extra.invoiceAnnounced !== end && (subscription.cancel_at ?? Number.POSITIVE_INFINITY) > end)
      yield { at: invoiceNoticeAt(subscription), run: () => announceInvoice(account, subscription) };
    yield { at: end, run: () => renew(account, subscription) };
  }
}

function announceInvoice(account: Account, subscription: Subscription): void {
  subscriptionExtra(account, subscription).invoiceAnnounced = periodOf(subscription).end;
  const upcoming = previewOf(account, subscription);
  if (upcoming) account.emit('invoice.upcoming', { ...upcoming, id: undefined } as object);
}

function* dueOfInvoice(account: Account, invoice: Invoice): Generator<Transition> {
  if (!account.find('customer', String(invoice.customer))) return;
  if (invoice.status === 'draft' && invoice.auto_advance && invoice.automatically_finalizes_at !== null)
    yield { at: invoice.automatically_finalizes_at, run: () => finalizeAndCollect(account, invoice) };
  if (invoice.status === 'open' && invoice.auto_advance && invoice.next_payment_attempt !== null)
    yield { at: invoice.next_payment_attempt, run: () => void collect(account, invoice, { isScheduled: true }) };
}

function finalizeAndCollect(account: Account, invoice: Invoice): void {
  const behavior = subscriptionOf(account, invoice)?.pause_collection?.behavior;
  if (behavior === 'keep_as_draft') {
    account.change(
      invoice,
      { auto_advance: false, automatically_finalizes_at: null, next_payment_attempt: null },
      'invoice.updated',
    );
    return;
  }
  finalizeInvoice(account, invoice);
  if (invoice.status !== 'open') return;
  if (behavior === 'void') voidInvoice(account, invoice);
  else if (behavior === 'mark_uncollectible') markUncollectible(account, invoice);
  else collect(account, invoice, { isScheduled: true });
}
