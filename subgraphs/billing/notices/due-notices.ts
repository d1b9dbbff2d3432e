import type { Invoice } from '#billing/entities/invoice.js';
import type { NoticeKind } from '#billing/entities/notice.js';
import type { PaymentMethod } from '#billing/entities/payment-method.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { type DerivedStanding, deriveStanding, isInUse } from '#billing/standing/derive-standing.js';
import { factsOf, paidUntil } from '#billing/standing/facts.js';

/** What is known of an organization's billing. */
export interface BillingState {
  subscription: Subscription;
  /** Of its present subscription, the latest first. */
  invoices: readonly Invoice[];
  /** The card that is charged; null = there is none. */
  card: PaymentMethod | null;
  /** The invoices that its mails about the end of dunning were about. */
  givenUp: ReadonlySet<string>;
}

/** A mail that is true now. */
export interface DueNotice {
  kind: NoticeKind;
  subject: string;
  /** What a reminder is about, and how many days before, in the organization's time zone; absent = it is due at once. */
  ahead?: { of: Date; days: number };
  /** The invoice it is about. */
  invoice?: Invoice;
  /** When access ends, or has ended. */
  end?: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** What happened longer ago is not news. */
const NEWS_MS = 3 * DAY_MS;
/** How long the end of a trial, or of access, is worth a mail while it is still so. */
const STILL_TRUE_MS = 7 * DAY_MS;
const TRIAL_DAYS_AHEAD = 3;
const RENEWAL_DAYS_AHEAD = 30;
const CARD_DAYS_AHEAD = 30;
/** Ahead of the earliest time zone. */
const ZONES_MS = DAY_MS;

interface Known extends BillingState {
  standing: DerivedStanding;
  now: Date;
}

const isWithin = (at: Date | null, ms: number, now: Date) =>
  at !== null && at <= now && now.getTime() - at.getTime() < ms;

const isSoon = (at: Date, days: number, now: Date) => {
  const left = at.getTime() - now.getTime();
  return left > 0 && left <= days * DAY_MS + ZONES_MS;
};

/** The organization's own trial, as long as nothing was bought and the free plan was not chosen. */
function trialNotices({ subscription, invoices, now }: Known): DueNotice[] {
  const { trialEndsAt } = subscription;
  const end = deriveStanding(factsOf(subscription, invoices), trialEndsAt > now ? trialEndsAt : now);
  if (end.access === 'FULL' || end.status === 'PAUSED') return [];
  const subject = trialEndsAt.toISOString();
  const ending: DueNotice = { kind: 'TRIAL_ENDING', subject, ahead: { of: trialEndsAt, days: TRIAL_DAYS_AHEAD } };
  const ended: DueNotice = { kind: 'TRIAL_ENDED', subject, ahead: { of: trialEndsAt, days: 0 } };
  if (isSoon(trialEndsAt, 0, now)) return [ending, ended];
  if (isSoon(trialEndsAt, TRIAL_DAYS_AHEAD, now)) return [ending];
  return isWithin(trialEndsAt, STILL_TRUE_MS, now) ? [ended] : [];
}

/** Whether it goes on after its period. */
const isRenewing = ({ status, cancelAt, isPaused }: Subscription) => isInUse(status) && cancelAt === null && !isPaused;

function renewalNotices({ subscription, now }: Known): DueNotice[] {
  const { status, periodEnd, interval } = subscription;
  if (!isRenewing(subscription) || !periodEnd) return [];
  const subject = periodEnd.toISOString();
  if (status === 'trialing' && isSoon(periodEnd, TRIAL_DAYS_AHEAD, now)) {
    return [{ kind: 'TRIAL_CONVERTING', subject, ahead: { of: periodEnd, days: TRIAL_DAYS_AHEAD } }];
  }
  if (status !== 'active' || interval !== 'YEAR' || !isSoon(periodEnd, RENEWAL_DAYS_AHEAD, now)) return [];
  return [{ kind: 'RENEWAL', subject, ahead: { of: periodEnd, days: RENEWAL_DAYS_AHEAD } }];
}

/** Returns when a card expires: after the last day of its month, in UTC. */
export function cardExpiry({
  expiryMonth,
  expiryYear,
}: Pick<PaymentMethod, 'expiryMonth' | 'expiryYear'>): Date | null {
  return expiryMonth && expiryYear ? new Date(Date.UTC(expiryYear, expiryMonth, 1)) : null;
}

function cardNotices({ subscription, card, now }: Known): DueNotice[] {
  const expiry = card && cardExpiry(card);
  if (!expiry || !isRenewing(subscription)) return [];
  if (!isSoon(expiry, CARD_DAYS_AHEAD, now) && !isWithin(expiry, STILL_TRUE_MS, now)) return [];
  const subject = `${card.id} ${expiry.toISOString().slice(0, 7)}`;
  return [{ kind: 'CARD_EXPIRING', subject, ahead: { of: expiry, days: CARD_DAYS_AHEAD } }];
}

function paidNotice(invoice: Invoice, { givenUp, now }: Known): DueNotice[] {
  const { id, amountPaid, paidAt } = invoice;
  if (amountPaid <= 0 || !isWithin(paidAt, NEWS_MS, now)) return [];
  return [{ kind: givenUp.has(id) ? 'RESTORED' : 'PAYMENT_SUCCEEDED', subject: id, invoice }];
}

function openNotice(invoice: Invoice, { subscription, standing }: Known): DueNotice[] {
  const { id, attemptCount, paymentStatus } = invoice;
  const isOwed = standing.status === 'PAST_DUE' || standing.status === 'INCOMPLETE';
  if (paymentStatus === 'requires_action' && isOwed) return [{ kind: 'ACTION_REQUIRED', subject: id, invoice }];
  if (attemptCount === 0 || subscription.status !== 'past_due' || standing.status !== 'PAST_DUE') return [];
  return [{ kind: 'PAYMENT_FAILED', subject: `${id} ${attemptCount}`, invoice }];
}

function invoiceNotices(known: Known): DueNotice[] {
  return known.invoices.flatMap((invoice) => {
    if (invoice.status === 'paid') return paidNotice(invoice, known);
    return invoice.status === 'open' && invoice.amountRemaining > 0 ? openNotice(invoice, known) : [];
  });
}

/** Payments failed for good: the plan Free holds. */
function dunningNotices({ subscription, standing, invoices, now }: Known): DueNotice[] {
  const { status, endedBy, endedAt } = subscription;
  if (standing.status !== 'CANCELED') return [];
  const isGivenUp = status === 'unpaid' || status === 'past_due' || endedBy === 'PAYMENT_FAILED';
  if (!isGivenUp || (endedAt && !isWithin(endedAt, STILL_TRUE_MS, now))) return [];
  const unpaid = invoices.filter((invoice) => invoice.attemptCount > 0 && invoice.status !== 'paid');
  // The oldest is what dunning was about.
  const invoice = unpaid.at(-1);
  return invoice ? [{ kind: 'DUNNING_OVER', subject: invoice.id, invoice }] : [];
}

function cancellationNotices({ subscription, now }: Known): DueNotice[] {
  const { status, endedBy, endedAt, cancelAt, stripeSubscriptionId } = subscription;
  if (endedBy === 'PAYMENT_FAILED' || endedBy === 'TRIAL_REFUSED') return [];
  if (status === 'incomplete' || status === 'incomplete_expired') return [];
  const end = status === 'canceled' ? endedAt : cancelAt;
  if (!end || !(end > now || (status === 'canceled' && isWithin(end, NEWS_MS, now)))) return [];
  return [{ kind: 'CANCELLATION', subject: `${stripeSubscriptionId} ${end.toISOString().slice(0, 10)}`, end }];
}

function stateNotices({ subscription, invoices, standing, now }: Known): DueNotice[] {
  const { stripeSubscriptionId, endedAt, endedBy } = subscription;
  const notices: DueNotice[] = [];
  if (endedBy === 'TRIAL_REFUSED' && isWithin(endedAt, NEWS_MS, now)) {
    notices.push({ kind: 'TRIAL_REFUSED', subject: `${stripeSubscriptionId}` });
  }
  if (standing.status === 'PAUSED') {
    const end = paidUntil(subscription, invoices) ?? undefined;
    notices.push({ kind: 'PAUSED', subject: `${stripeSubscriptionId} ${end?.toISOString() ?? 'trial'}`, end });
  }
  return notices;
}

/**
 * Returns the mails that are true now. One that was planned is sent only if it is still among them. Reminders are among them a day before
 * they are due in the earliest time zone.
 */
export function dueNotices(state: BillingState, now: Date): DueNotice[] {
  const standing = deriveStanding(factsOf(state.subscription, state.invoices), now);
  const known = { ...state, now, standing };
  const rules = [
    ...[trialNotices, renewalNotices, cardNotices, invoiceNotices, dunningNotices, cancellationNotices, stateNotices],
  ];
  return rules.flatMap((rule) => rule(known));
}
