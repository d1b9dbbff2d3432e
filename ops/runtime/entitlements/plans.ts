/** What a plan bounds, as in the enum `LimitName` of the API. */
export const limitNames = [
  'CONNECTIONS',
  'ACCOUNTS',
  'MEMBERS',
  'CLIENTS',
  'REPORTS_PER_MONTH',
  'SCHEDULES',
  'HISTORY_DAYS',
  'REQUESTS_PER_MINUTE',
  'COST_PER_MINUTE',
] as const;
export type LimitName = (typeof limitNames)[number];

/** By the limit; null = unlimited. */
export type PlanLimits = Readonly<Record<LimitName, number | null>>;

/** How often a plan is paid. */
export const billingIntervals = ['MONTH', 'YEAR'] as const;
export type BillingInterval = (typeof billingIntervals)[number];

/** By the currency (ISO 4217), in its units as exact decimal text. */
export type Prices = Readonly<Record<string, string>>;

/** What is used beyond a limit and paid for, by the unit. */
export interface Overage {
  limit: LimitName;
  /** What the plan includes. */
  included: number;
  unitPrices: Prices;
}

/** What an organization can subscribe to. */
export interface Plan {
  /** Permanent: subscriptions name it. */
  id: string;
  name: string;
  description: string;
  limits: PlanLimits;
  /** Without taxes; null = it costs nothing. */
  prices: Readonly<Record<BillingInterval, Prices>> | null;
  /** null = there is none: the limits hold. */
  overage: Overage | null;
}

/** Every plan, the smallest first. A plan is changed here alone; prices are those of new subscriptions. */
export const plans = [
  {
    id: 'free',
    name: 'Free',
    description: 'For a look at one account.',
    limits: {
      CONNECTIONS: 1,
      ACCOUNTS: 2,
      MEMBERS: 1,
      CLIENTS: 1,
      REPORTS_PER_MONTH: 5,
      SCHEDULES: 0,
      HISTORY_DAYS: 92,
      REQUESTS_PER_MINUTE: 600,
      COST_PER_MINUTE: 600_000,
    },
    prices: null,
    overage: null,
  },
  {
    id: 'starter',
    name: 'Starter',
    description: 'For one marketer with a few accounts.',
    limits: {
      CONNECTIONS: 5,
      ACCOUNTS: 25,
      MEMBERS: 3,
      CLIENTS: 5,
      REPORTS_PER_MONTH: 50,
      SCHEDULES: 5,
      HISTORY_DAYS: 400,
      REQUESTS_PER_MINUTE: 600,
      COST_PER_MINUTE: 600_000,
    },
    prices: {
      MONTH: { EUR: '29.00', USD: '32.00', GBP: '25.00', JPY: '4800' },
      YEAR: { EUR: '290.00', USD: '320.00', GBP: '250.00', JPY: '48000' },
    },
    overage: null,
  },
  {
    id: 'pro',
    name: 'Pro',
    description: 'For a marketing team with many channels.',
    limits: {
      CONNECTIONS: 25,
      ACCOUNTS: 500,
      MEMBERS: 50,
      CLIENTS: 250,
      REPORTS_PER_MONTH: 1_000,
      SCHEDULES: 100,
      HISTORY_DAYS: 1_130,
      REQUESTS_PER_MINUTE: 1_200,
      COST_PER_MINUTE: 1_200_000,
    },
    prices: {
      MONTH: { EUR: '99.00', USD: '109.00', GBP: '85.00', JPY: '16500' },
      YEAR: { EUR: '990.00', USD: '1090.00', GBP: '850.00', JPY: '165000' },
    },
    overage: null,
  },
  {
    id: 'agency',
    name: 'Agency',
    description: 'For agencies that report to many clients.',
    limits: {
      CONNECTIONS: null,
      ACCOUNTS: null,
      MEMBERS: null,
      CLIENTS: null,
      REPORTS_PER_MONTH: null,
      SCHEDULES: null,
      HISTORY_DAYS: null,
      REQUESTS_PER_MINUTE: 3_000,
      COST_PER_MINUTE: 3_000_000,
    },
    prices: {
      MONTH: { EUR: '299.00', USD: '329.00', GBP: '255.00', JPY: '49500' },
      YEAR: { EUR: '2990.00', USD: '3290.00', GBP: '2550.00', JPY: '495000' },
    },
    overage: {
      limit: 'REPORTS_PER_MONTH',
      included: 2_000,
      unitPrices: { EUR: '0.20', USD: '0.22', GBP: '0.17', JPY: '33' },
    },
  },
] as const satisfies readonly Plan[];

/** The plan of a cancelled subscription, and of one whose payments failed for good. */
export const FREE_PLAN = 'free';

/** The plan an organization tries for 14 days. */
export const TRIAL_PLAN = 'pro';

/** The largest plan: of installations that sell nothing. */
export const LARGEST_PLAN = 'agency';

const byId = new Map<string, Plan>(plans.map((plan) => [plan.id, plan]));

/** Returns a plan; undefined for an unknown id. */
export function findPlan(id: string): Plan | undefined {
  return byId.get(id);
}

/** Returns the rank of a plan by its size; less than any for an unknown id and for none. */
export function sizeOfPlan(planId: string | null): number {
  return plans.findIndex(({ id }) => id === planId);
}

/** Returns a limit of a plan; null = unlimited. Zero where plan or limit is unknown: nothing is open by mistake. */
export function limitOf(planId: string, name: LimitName): number | null {
  const limits = byId.get(planId)?.limits;
  return limits && Object.hasOwn(limits, name) ? limits[name] : 0;
}

/** Returns the smallest plan that allows `needed` of a limit; undefined when none does. */
export function planThatAllows(name: LimitName, needed: number): Plan | undefined {
  return plans.find(({ limits }) => limits[name] === null || limits[name] >= needed);
}

/** The limits of each user, and of all API keys of an organization together, per minute; null = unlimited. */
export interface RequestLimits {
  requestsPerMinute: number | null;
  costPerMinute: number | null;
}

/** Returns the limits of requests of a plan; those of the smallest one for an unknown id, as it may still read. */
export function requestLimitsOf(planId: string): RequestLimits {
  const known = byId.has(planId) ? planId : FREE_PLAN;
  return {
    requestsPerMinute: limitOf(known, 'REQUESTS_PER_MINUTE'),
    costPerMinute: limitOf(known, 'COST_PER_MINUTE'),
  };
}
