import { beforeAll, describe, expect, it } from '@jest/globals';
import { cancelSubscription } from './services/commands/cancel-subscription.js';
import { changePlan } from './services/commands/change-plan.js';
import { pauseSubscription } from './services/commands/pause-subscription.js';
import { resumeSubscription } from './services/commands/resume-subscription.js';
import { type Acting, cardNumber, DAY_MS, type Life, type Lived, live } from './testing/open-lives.js';

const FROM = new Date('2027-01-01T00:00:00Z');
const DAYS = 400;

/** Can be stored, and is declined when it is charged. */
const DECLINED = '4000000000000341';
const INSUFFICIENT = '4000008260003178';
/** Asks for a confirmation with each payment. */
const CONFIRMED = '4000002760003184';
const DISPUTED = '4000000000000259';

const buy =
  (planId: string, given: Partial<Parameters<Acting['buy']>[0]> = {}) =>
  (life: Acting) =>
    life.buy({ planId, ...given });
const cancel = ({ context }: Acting) => cancelSubscription(context, { atPeriodEnd: true });

/** The 15th of each month, of a sign-up on the first of January, after the day the trial ends. */
const RENEWALS = '45 73 104 134 165 195 226 257 287 318 348 379';
const TRIAL = { 'trial-ending': '11', 'trial-ended': '14' };
const CONVERTS = { 'trial-converting': '11' };

const LIVES: Life[] = [
  {
    title: 'converts on day 13',
    acts: { 13: buy('pro') },
    states: '0 TRIALING pro, 13 ACTIVE pro',
    mails: { 'trial-ending': '11', 'payment-succeeded': `13 ${RENEWALS}` },
  },
  {
    title: 'never pays',
    acts: {},
    states: '0 TRIALING pro, 14 TRIAL_ENDED free read-only',
    mails: TRIAL,
  },
  {
    title: 'pays after the trial',
    acts: { 20: buy('pro') },
    states: '0 TRIALING pro, 14 TRIAL_ENDED free read-only, 20 ACTIVE pro',
    // At noon of the 21st: final and paid an hour later, so seen on the 22nd.
    mails: { ...TRIAL, 'payment-succeeded': '20 52 80 111 141 172 202 233 264 294 325 355 386' },
  },
  {
    title: 'chooses Free after the trial',
    acts: { 16: ({ context }) => changePlan(context, { planId: 'free' }) },
    states: '0 TRIALING pro, 14 TRIAL_ENDED free read-only, 16 FREE free',
    mails: TRIAL,
  },
  {
    title: 'is declined at first, then pays',
    acts: { 5: buy('pro', { card: DECLINED }), 18: ({ changeCard, card }) => changeCard(card) },
    states: '0 TRIALING pro, 14 PAST_DUE pro, 22 ACTIVE pro',
    mails: { ...CONVERTS, 'payment-failed': '14 17', 'payment-succeeded': `22 ${RENEWALS}` },
  },
  {
    title: 'is declined for good, pays late, and has everything back (unpaid)',
    begins: 2,
    acts: {
      5: buy('pro', { card: INSUFFICIENT }),
      34: ({ change }) => change({ stripeAfterRetries: 'unpaid' }),
      36: ({ change }) => change({ stripeAfterRetries: 'cancel' }),
      39: ({ changeCard, card }) => changeCard(card),
      40: ({ payOpenInvoice, card }) => payOpenInvoice(card),
    },
    states: '0 TRIALING pro, 14 PAST_DUE pro, 35 CANCELED free, 40 ACTIVE pro',
    mails: {
      ...CONVERTS,
      'payment-failed': '14 17 22 28',
      'dunning-over': '35',
      restored: '40',
      'payment-succeeded': RENEWALS,
    },
  },
  {
    title: 'is declined for good, pays late, and has the period it paid (cancelled)',
    begins: 5,
    acts: {
      5: buy('pro'),
      20: ({ changeCard }) => changeCard(DECLINED),
      70: ({ payOpenInvoice, card }) => payOpenInvoice(card),
    },
    // The invoice is of 20 February to 20 March: 28 days, from the payment on.
    states: '0 TRIALING pro, 14 ACTIVE pro, 45 PAST_DUE pro, 66 CANCELED free, 70 ACTIVE pro, 98 CANCELED free',
    mails: {
      ...CONVERTS,
      'payment-succeeded': '14',
      'payment-failed': '45 48 53 59',
      'dunning-over': '66',
      restored: '70',
    },
  },
  {
    title: 'upgrades at once, downgrades at the end of the period',
    acts: {
      5: buy('starter'),
      20: ({ context }) => changePlan(context, { planId: 'pro' }),
      25: ({ context }) => changePlan(context, { planId: 'starter' }),
    },
    states: '0 TRIALING pro, 14 ACTIVE starter, 20 ACTIVE pro, 45 ACTIVE starter',
    mails: { ...CONVERTS, 'payment-succeeded': `14 20 ${RENEWALS}` },
  },
  {
    title: 'pays monthly from the 31st',
    begins: 16,
    acts: { 5: buy('pro') },
    states: '0 TRIALING pro, 14 ACTIVE pro',
    // 31 January, 28 February, 31 March, 30 April, …
    mails: { ...CONVERTS, 'payment-succeeded': '14 42 73 103 134 164 195 226 256 287 317 348 379' },
  },
  {
    title: 'renews by the year, with a card that expires before',
    acts: {
      5: buy('pro', { interval: 'YEAR', expiry: '12/27' }),
      350: ({ changeCard }) => changeCard(cardNumber(900)),
    },
    states: '0 TRIALING pro, 14 ACTIVE pro',
    mails: { ...CONVERTS, 'payment-succeeded': '14 379', 'card-expiring': '335', renewal: '349' },
  },
  {
    title: 'cancels right after the trial',
    acts: { 5: buy('pro'), 15: cancel },
    states: '0 TRIALING pro, 14 ACTIVE pro, 45 CANCELED free',
    mails: { ...CONVERTS, 'payment-succeeded': '14', cancellation: '15' },
  },
  {
    title: 'cancels in the trial, subscribes again, and has no second trial',
    acts: { 5: buy('pro'), 6: cancel, 31: buy('pro') },
    states: '0 TRIALING pro, 14 CANCELED free, 31 ACTIVE pro',
    mails: { cancellation: '6', 'payment-succeeded': '31 60 91 121 152 182 213 244 274 305 335 366 397' },
  },
  {
    title: 'has its trial extended at Stripe',
    acts: {
      5: buy('pro'),
      10: async ({ stripe, subscriptionId }) =>
        stripe.subscriptions.update(await subscriptionId(), { trial_end: Date.parse('2027-02-01T10:00:00Z') / 1000 }),
    },
    states: '0 TRIALING pro, 31 ACTIVE pro',
    mails: {
      'trial-converting': '28',
      'payment-succeeded': '31 59 90 120 151 181 212 243 273 304 334 365 396',
    },
  },
  {
    title: 'is refunded, and cancels at once',
    acts: {
      5: buy('pro'),
      16: async ({ stripe, lastCharge, context }) => {
        await stripe.refunds.create({ charge: await lastCharge() });
        await cancelSubscription(context, { atPeriodEnd: false });
      },
    },
    states: '0 TRIALING pro, 14 ACTIVE pro, 16 CANCELED free',
    mails: { ...CONVERTS, 'payment-succeeded': '14', cancellation: '16' },
  },
  {
    title: 'disputes a payment and loses',
    acts: {
      5: buy('pro', { card: DISPUTED }),
      20: async ({ stripe, lastCharge }) => {
        const { data } = await stripe.disputes.list({ charge: await lastCharge() });
        await stripe.disputes.update(data[0]?.id ?? '', { evidence: { uncategorized_text: 'losing_evidence' } });
      },
    },
    states: '0 TRIALING pro, 14 ACTIVE pro, 20 CANCELED free',
    mails: { ...CONVERTS, 'payment-succeeded': '14', cancellation: '20' },
  },
  {
    title: 'pauses over two renewals and resumes: a new period is charged',
    acts: {
      5: buy('pro'),
      20: ({ context }) => pauseSubscription(context, {}),
      80: ({ context }) => resumeSubscription(context),
    },
    states: '0 TRIALING pro, 14 ACTIVE pro, 20 PAUSED pro, 45 PAUSED free read-only, 80 ACTIVE pro',
    mails: {
      ...CONVERTS,
      paused: '20',
      'payment-succeeded': '14 80 112 142 173 203 234 265 295 326 356 387',
    },
  },
  {
    title: 'pauses for two days over a renewal: what is not charged is not used',
    acts: {
      5: buy('pro'),
      44: ({ context }) => pauseSubscription(context, { until: new Date(FROM.getTime() + 46.5 * DAY_MS) }),
    },
    states: '0 TRIALING pro, 14 ACTIVE pro, 44 PAUSED pro, 45 PAUSED free read-only, 73 ACTIVE pro',
    mails: { ...CONVERTS, paused: '44', 'payment-succeeded': `14 ${RENEWALS.slice(3)}` },
  },
  {
    title: 'must confirm a payment',
    acts: {
      5: buy('pro', { card: CONFIRMED }),
      16: ({ payOpenInvoice, card }) => payOpenInvoice(card),
      40: ({ changeCard, card }) => changeCard(card),
    },
    states: '0 TRIALING pro, 14 PAST_DUE pro, 16 ACTIVE pro',
    mails: { ...CONVERTS, 'action-required': '14', 'payment-succeeded': `16 ${RENEWALS}` },
  },
  {
    title: 'pays with a card that another organization used for its trial',
    begins: 20,
    // Of the first life.
    acts: { 5: buy('pro', { card: cardNumber(1) }), 20: buy('pro', { card: cardNumber(1) }) },
    states: '0 TRIALING pro, 14 TRIAL_ENDED free read-only, 20 ACTIVE pro',
    mails: {
      'trial-refused': '5',
      ...TRIAL,
      // From 10 February on, seen a day later.
      'payment-succeeded': '20 49 80 110 141 171 202 233 263 294 324 355 386',
    },
  },
  {
    title: 'sends no events for twenty days',
    acts: { 5: buy('pro') },
    // The next event that arrives announces the renewal of day 73, a week before.
    lost: [40, 60],
    states: '0 TRIALING pro, 14 ACTIVE pro, 52 PAST_DUE free, 66 ACTIVE pro',
    mails: { ...CONVERTS, 'payment-succeeded': `14 ${RENEWALS.slice(3)}` },
  },
];

let lived: Lived[];

/** Prints what happened, life by life. */
function print(): void {
  const lines = LIVES.flatMap(({ title }, index) => {
    const { states, mails } = lived[index] ?? { states: '', mails: {} };
    const named = Object.entries(mails).map(([kind, days]) => `    ${kind.padEnd(18)} ${days}`);
    return [title, `    ${states}`, ...named];
  });
  process.stdout.write(`${lines.join('\n')}\n`);
}

describe(`${LIVES.length} lives of ${DAYS} days`, () => {
  beforeAll(async () => {
    lived = await live(LIVES, { from: FROM, days: DAYS });
    print();
  });

  it.each(LIVES.map(({ title }, index) => [title, index] as const))('%s', (_title, index) => {
    const { states, mails } = LIVES[index] as Life;
    expect(lived[index]).toEqual({ states, mails, differing: [] });
  });
});
