import type { Access, Entitlement, Kept } from '#runtime/entitlements/entitlement.js';
import { FREE_PLAN, sizeOfPlan, TRIAL_PLAN } from '#runtime/entitlements/plans.js';

/** The statuses of a subscription at Stripe. */
export const stripeStatuses = [
  'incomplete',
  'incomplete_expired',
  'trialing',
  'active',
  'past_due',
  'canceled',
  'unpaid',
  'paused',
] as const;
export type StripeStatus = (typeof stripeStatuses)[number];

/** Whether a subscription at Stripe is in use, whatever was paid for it. */
export function isInUse(status: StripeStatus | null): boolean {
  return status === 'active' || status === 'trialing' || status === 'past_due';
}

/** What an organization's subscription is in the API. */
export type SubscriptionStatus =
  | 'TRIALING'
  | 'ACTIVE'
  | 'PAST_DUE'
  | 'INCOMPLETE'
  | 'PAUSED'
  | 'TRIAL_ENDED'
  | 'CANCELED'
  | 'FREE';

/** An organization's subscription at Stripe, as it was last read. */
export interface Purchase {
  status: StripeStatus;
  planId: string;
  /** The end of the current period, which is the end of the trial while `trialing`. */
  periodEnd: Date;
  /** When it ends by request; null = it renews. */
  cancelAt: Date | null;
  /** A change that takes effect later; null = there is none. */
  pendingChange: { planId: string; at: Date } | null;
  /** Nothing is collected meanwhile (`pause_collection`); null = it is collected. */
  pause: { resumesAt: Date | null } | null;
  /** The end of the last period that is paid; null = none was. */
  paidUntil: Date | null;
  /** The end of the last period that is not charged because of a pause, also once that is over; null = there is none. */
  freeUntil: Date | null;
  /** When the oldest invoice that is open became due; null = none is. */
  pastDueSince: Date | null;
  /** Why it has ended, other than by request; null = by request, or it has not. `TRIAL_REFUSED`: its card has had a trial before. */
  endedBy: 'PAYMENT_FAILED' | 'PAYMENT_DISPUTED' | 'TRIAL_REFUSED' | null;
}

/** All that an organization's standing depends on, but the time. */
export interface Facts {
  /** The end of the organization's one trial. */
  trialEndsAt: Date;
  /** It has chosen the free plan. */
  isFreeChosen: boolean;
  /** It had another subscription before, which was in use and is over. */
  hasSubscribed: boolean;
  /** The subscription that counts now; null = it never bought anything. */
  purchase: Purchase | null;
}

/** What holds at an instant. */
export interface StandingNow {
  status: SubscriptionStatus;
  planId: string;
  access: Access;
}

/** What holds now, and what will by the clock alone; null = nothing changes until Stripe is read again. */
export interface DerivedStanding extends StandingNow {
  next: (StandingNow & { at: Date }) | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * How long a subscription goes on after its period while the next one is not known. Reconciliation is nightly: Stripe could not be
 * read for this long.
 */
const GRACE_MS = 7 * DAY_MS;

/** How long payments are retried at most, whatever Stripe is set to. */
const DUNNING_MS = 30 * DAY_MS;

const later = (at: Date, ms: number) => new Date(at.getTime() + ms);

/** A purchase during the trial takes nothing of the trial away; a larger plan holds at once. */
const planInTrial = (planId: string) => (sizeOfPlan(planId) > sizeOfPlan(TRIAL_PLAN) ? planId : TRIAL_PLAN);

const CANCELED: StandingNow = { status: 'CANCELED', planId: FREE_PLAN, access: 'FULL' };
const PAUSED: StandingNow = { status: 'PAUSED', planId: FREE_PLAN, access: 'READ_ONLY' };
/** A period is over and the next one was never confirmed. */
const LAPSED: StandingNow = { status: 'PAST_DUE', planId: FREE_PLAN, access: 'FULL' };

/** Without a subscription that counts. */
function standingWithout({ trialEndsAt, isFreeChosen, hasSubscribed }: Facts, at: Date): StandingNow {
  if (at < trialEndsAt) return { status: 'TRIALING', planId: TRIAL_PLAN, access: 'FULL' };
  if (hasSubscribed) return CANCELED;
  if (isFreeChosen) return { status: 'FREE', planId: FREE_PLAN, access: 'FULL' };
  return { status: 'TRIAL_ENDED', planId: FREE_PLAN, access: 'READ_ONLY' };
}

const dunningEnd = ({ pastDueSince, periodEnd }: Purchase) => later(pastDueSince ?? periodEnd, DUNNING_MS);

/** A subscription that is paid or on its way to be, until it ends. */
function standingOfLive(purchase: Purchase, at: Date): StandingNow {
  const { status, periodEnd, pendingChange, pause, paidUntil, freeUntil } = purchase;
  const isChanged = pendingChange !== null && at >= pendingChange.at;
  const current = { planId: isChanged ? pendingChange.planId : purchase.planId, access: 'FULL' } as const;
  if (status === 'trialing' && at < periodEnd) {
    return { status: 'TRIALING', planId: planInTrial(current.planId), access: 'FULL' };
  }
  const isPaid = paidUntil !== null && at < paidUntil;
  if (pause && (pause.resumesAt === null || at < pause.resumesAt)) {
    return isPaid ? { ...current, status: 'PAUSED' } : PAUSED;
  }
  // Or a pause over each renewal would make the plan free.
  if (freeUntil && at < freeUntil && !isPaid) return PAUSED;
  if (status === 'past_due') return at < dunningEnd(purchase) ? { ...current, status: 'PAST_DUE' } : CANCELED;
  return at < later(periodEnd, GRACE_MS) ? { ...current, status: 'ACTIVE' } : LAPSED;
}

function standingAt(facts: Facts, at: Date): StandingNow {
  const { purchase } = facts;
  if (!purchase) return standingWithout(facts, at);
  const { status, planId, cancelAt, endedBy, paidUntil } = purchase;
  const over = standingWithout({ ...facts, hasSubscribed: true }, at);
  if (status === 'incomplete') return { ...standingWithout(facts, at), status: 'INCOMPLETE' };
  // It never began.
  if (status === 'incomplete_expired' || endedBy === 'TRIAL_REFUSED') return standingWithout(facts, at);
  // An invoice that was paid after all is worth its period.
  const isPaidLate = endedBy === 'PAYMENT_FAILED' && paidUntil !== null && at < paidUntil;
  if (status === 'canceled') return isPaidLate ? { status: 'ACTIVE', planId, access: 'FULL' } : over;
  if (cancelAt && at >= cancelAt) return over;
  if (status === 'unpaid') return CANCELED;
  if (status === 'paused') return PAUSED;
  return standingOfLive(purchase, at);
}

/** The instants at which a standing may change. */
function instantsOf({ trialEndsAt, purchase }: Facts): Date[] {
  if (!purchase) return [trialEndsAt];
  const { periodEnd, cancelAt, pendingChange, pause, paidUntil, freeUntil } = purchase;
  const due = [cancelAt, pendingChange?.at, pause?.resumesAt, paidUntil, freeUntil].flatMap((at) => at ?? []);
  return [trialEndsAt, periodEnd, later(periodEnd, GRACE_MS), dunningEnd(purchase), ...due];
}

type Change = (from: StandingNow, to: StandingNow) => boolean;

function nextAfter(facts: Facts, now: Date, isChange: Change): (StandingNow & { at: Date }) | null {
  const current = standingAt(facts, now);
  const coming = instantsOf(facts)
    .filter((at) => at > now)
    .sort((one, other) => one.getTime() - other.getTime())
    .map((at) => ({ ...standingAt(facts, at), at }));
  return coming.find((standing) => isChange(current, standing)) ?? null;
}

const isOtherUse: Change = (from, to) => from.planId !== to.planId || from.access !== to.access;

/** Derives what an organization's subscription is now, and what it will be by the clock alone. */
export function deriveStanding(facts: Facts, now: Date): DerivedStanding {
  const next = nextAfter(facts, now, (from, to) => from.status !== to.status || isOtherUse(from, to));
  return { ...standingAt(facts, now), next };
}

/** Derives what an organization may use, to be published; `kept` is what its owner has chosen. */
export function deriveEntitlement(
  facts: Facts,
  { organizationId, kept, now }: { organizationId: string; kept: Kept; now: Date },
): Entitlement {
  const { planId, access } = standingAt(facts, now);
  const next = nextAfter(facts, now, isOtherUse);
  return {
    ...{ organizationId, planId, access, kept },
    next: next && { at: next.at, planId: next.planId, access: next.access },
  };
}
