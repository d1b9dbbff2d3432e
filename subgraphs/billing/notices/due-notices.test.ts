import { describe, expect, it } from '@jest/globals';
import type { Invoice } from '#billing/entities/invoice.js';
import type { PaymentMethod } from '#billing/entities/payment-method.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { type BillingState, dueNotices } from './due-notices.js';
import { localMorning } from './local-morning.js';
import { noticeMail } from './mails.js';

const at = (text: string) => new Date(text.length > 10 ? text : `${text}T12:00:00Z`);
const now = at('2026-12-10');

const trial = {
  organizationId: 'c0ffee00-0000-4000-8000-000000000000',
  trialEndsAt: at('2026-12-12'),
  stripeSubscriptionId: null,
  status: null,
  planId: null,
  interval: null,
  currency: null,
  periodStart: null,
  periodEnd: null,
  trialEnd: null,
  startedAt: null,
  cancelAt: null,
  canceledAt: null,
  endedAt: null,
  endedBy: null,
  isPaused: false,
  pausedUntil: null,
  pendingPlanId: null,
  pendingInterval: null,
  pendingAt: null,
  pastDueSince: null,
  nextPaymentAttemptAt: null,
  firstSubscribedAt: null,
  hasCardOfAnotherTrial: false,
  freeSince: null,
} as Partial<Subscription> as Subscription;

const bought: Subscription = {
  ...trial,
  trialEndsAt: at('2026-06-12'),
  stripeSubscriptionId: 'sub_1',
  status: 'active',
  planId: 'pro',
  interval: 'MONTH',
  currency: 'EUR',
  periodStart: at('2026-12-01'),
  periodEnd: at('2027-01-01'),
  startedAt: at('2026-06-05'),
  firstSubscribedAt: at('2026-06-05'),
};

const line = {
  planId: 'pro',
  isProration: false,
  periodStart: '2026-12-01T12:00:00Z',
  periodEnd: '2027-01-01T12:00:00Z',
};
const paid = {
  id: 'in_1',
  number: 'WM-0001',
  stripeSubscriptionId: 'sub_1',
  status: 'paid',
  currency: 'EUR',
  amountPaid: 9900,
  amountRemaining: 0,
  attemptCount: 1,
  paymentStatus: null,
  nextPaymentAttemptAt: null,
  paidAt: at('2026-12-08'),
  createdAt: at('2026-12-01'),
  hostedUrl: 'https://invoice.stripe.com/i/1',
  pdfUrl: 'https://invoice.stripe.com/i/1/pdf',
  lines: [line],
} as Partial<Invoice> as Invoice;

const open: Invoice = { ...paid, status: 'open', amountPaid: 0, amountRemaining: 9900, paidAt: null };
const pastDue = { status: 'past_due', pastDueSince: at('2026-12-01') } as const;
const card = { id: 'pm_1', brand: 'visa', last4: '4242', expiryMonth: 12, expiryYear: 2026 } as PaymentMethod;

const stateOf = (subscription: Partial<Subscription>, other: Partial<BillingState> = {}): BillingState => ({
  subscription: { ...bought, ...subscription },
  invoices: [],
  card: null,
  givenUp: new Set(),
  ...other,
});

const kindsOf = (state: BillingState, when = now) =>
  dueNotices(state, when).map(({ kind, subject }) => `${kind} ${subject}`);

describe('dueNotices', () => {
  const trialAt = (text: string, given: Partial<Subscription> = {}) =>
    kindsOf(stateOf({ ...trial, ...given }), at(text)).map((name) => name.split(' ')[0]);
  const yearly = { interval: 'YEAR' as const };

  it('reminds of the end of a trial, and says so when it has ended, for a week', () => {
    expect(trialAt('2026-12-08T11:59:59Z')).toEqual([]);
    expect(trialAt('2026-12-09')).toEqual(['TRIAL_ENDING']);
    expect(trialAt('2026-12-11T13:00:00Z')).toEqual(['TRIAL_ENDING', 'TRIAL_ENDED']);
    expect(trialAt('2026-12-12')).toEqual(['TRIAL_ENDED']);
    expect(trialAt('2026-12-19T11:59:59Z')).toEqual(['TRIAL_ENDED']);
    expect(trialAt('2026-12-19')).toEqual([]);
  });

  it.each<[string, Partial<Subscription>]>([
    ['has bought', { ...bought, trialEndsAt: trial.trialEndsAt }],
    [
      'has bought and tries it to the same end',
      { ...bought, status: 'trialing', trialEndsAt: trial.trialEndsAt, periodEnd: at('2027-02-01') },
    ],
    ['is retried', { ...bought, ...pastDue, trialEndsAt: trial.trialEndsAt }],
    ['chose Free', { freeSince: at('2026-12-01') }],
    [
      'cancelled what it had bought',
      { ...bought, status: 'canceled', endedAt: at('2026-12-01'), trialEndsAt: trial.trialEndsAt },
    ],
  ])('says nothing about the trial to an organization that %s', (_title, given) => {
    for (const day of ['2026-12-09', '2026-12-12', '2026-12-13']) {
      expect(trialAt(day, given).filter((kind) => kind?.startsWith('TRIAL_END'))).toEqual([]);
    }
  });

  it.each<[string, BillingState, string[]]>([
    ['nothing of a quiet month', stateOf({}, { card: { ...card, expiryYear: 2029 } }), []],
    ['a payment of these days', stateOf({}, { invoices: [paid] }), ['PAYMENT_SUCCEEDED in_1']],
    ['no payment of last week', stateOf({}, { invoices: [{ ...paid, paidAt: at('2026-12-07') }] }), []],
    ['no payment of nothing', stateOf({}, { invoices: [{ ...paid, amountPaid: 0 }] }), []],
    ['a payment that restores', stateOf({}, { invoices: [paid], givenUp: new Set(['in_1']) }), ['RESTORED in_1']],
    ['each failed attempt', stateOf(pastDue, { invoices: [{ ...open, attemptCount: 2 }] }), ['PAYMENT_FAILED in_1 2']],
    ['no failure once another subscription state holds', stateOf({}, { invoices: [open] }), []],
    ['no failure before the first attempt', stateOf(pastDue, { invoices: [{ ...open, attemptCount: 0 }] }), []],
    ['no failure of a voided invoice', stateOf(pastDue, { invoices: [{ ...open, status: 'void' }] }), []],
    [
      'a confirmation instead',
      stateOf(pastDue, { invoices: [{ ...open, paymentStatus: 'requires_action' }] }),
      ['ACTION_REQUIRED in_1'],
    ],
    [
      'a confirmation of a first payment',
      stateOf({ status: 'incomplete' }, { invoices: [{ ...open, paymentStatus: 'requires_action' }] }),
      ['ACTION_REQUIRED in_1'],
    ],
    [
      'the end of dunning, unpaid',
      stateOf({ ...pastDue, status: 'unpaid' }, { invoices: [open] }),
      ['DUNNING_OVER in_1'],
    ],
    [
      'the end of dunning, cancelled',
      stateOf({ status: 'canceled', endedBy: 'PAYMENT_FAILED', endedAt: at('2026-12-09') }, { invoices: [open] }),
      ['DUNNING_OVER in_1'],
    ],
    [
      'the end of dunning by the clock',
      stateOf({ ...pastDue, pastDueSince: at('2026-11-01') }, { invoices: [open] }),
      ['DUNNING_OVER in_1'],
    ],
    [
      'no old end of dunning',
      stateOf({ status: 'canceled', endedBy: 'PAYMENT_FAILED', endedAt: at('2026-11-09') }, { invoices: [open] }),
      [],
    ],
    ['a cancellation to come', stateOf({ cancelAt: at('2027-01-01') }), ['CANCELLATION sub_1 2027-01-01']],
    [
      'a cancellation at once',
      stateOf({ status: 'canceled', endedAt: at('2026-12-09') }),
      ['CANCELLATION sub_1 2026-12-09'],
    ],
    [
      'a dispute',
      stateOf({ status: 'canceled', endedBy: 'PAYMENT_DISPUTED', endedAt: at('2026-12-09') }),
      ['CANCELLATION sub_1 2026-12-09'],
    ],
    ['no old cancellation', stateOf({ status: 'canceled', endedAt: at('2026-12-06') }), []],
    ['a yearly renewal', stateOf(yearly), ['RENEWAL 2027-01-01T12:00:00.000Z']],
    [
      'no renewal of what is cancelled',
      stateOf({ ...yearly, cancelAt: at('2027-01-01') }),
      ['CANCELLATION sub_1 2027-01-01'],
    ],
    ['no renewal of what is far', stateOf({ ...yearly, periodEnd: at('2027-06-01') }), []],
    [
      'the first charge after a trial',
      stateOf({ status: 'trialing', periodEnd: at('2026-12-13') }),
      ['TRIAL_CONVERTING 2026-12-13T12:00:00.000Z'],
    ],
    [
      'no charge of a trial that is cancelled',
      stateOf({ status: 'trialing', periodEnd: at('2026-12-13'), cancelAt: at('2026-12-13') }),
      ['CANCELLATION sub_1 2026-12-13'],
    ],
    ['a card that expires', stateOf({}, { card }), ['CARD_EXPIRING pm_1 2027-01']],
    [
      'no card of what is cancelled',
      stateOf({ cancelAt: at('2027-01-01') }, { card }),
      ['CANCELLATION sub_1 2027-01-01'],
    ],
    [
      'a trial of a card that had one',
      stateOf({
        ...{ status: 'canceled', endedBy: 'TRIAL_REFUSED', endedAt: at('2026-12-09'), trialEndsAt: at('2026-12-20') },
        firstSubscribedAt: null,
      }),
      ['TRIAL_REFUSED sub_1'],
    ],
    [
      'a pause',
      stateOf({ isPaused: true }, { invoices: [{ ...paid, paidAt: at('2026-12-01') }] }),
      ['PAUSED sub_1 2027-01-01T12:00:00.000Z'],
    ],
    ['a trial that ended without a card', stateOf({ status: 'paused' }), ['PAUSED sub_1 trial']],
  ])('says %s', (_title, state, expected) => {
    expect(kindsOf(state)).toEqual(expected);
  });
});

describe('the mail of a notice', () => {
  const mailOf = (state: BillingState, when: Date, timeZone = 'Europe/Berlin') => {
    const notice = dueNotices(state, when).at(-1);
    if (!notice) throw new Error('There is no notice.');
    const about = { notice, state, now: when, organizationName: 'Northwind', timeZone };
    const { subject, text } = noticeMail(about, 'Ada');
    return `${subject}\n${text}`;
  };

  it('says what happens when, in the organization’s time zone, with amounts as they are written', () => {
    expect(mailOf(stateOf(trial), at('2026-12-09'))).toMatch(
      /ends on 12 December 2026.*\n.*scheduled reports are paused/s,
    );
    expect(
      mailOf(stateOf({ ...trial, trialEndsAt: at('2026-12-12T20:00:00Z') }), at('2026-12-09'), 'Asia/Tokyo'),
    ).toContain('13 December 2026');
    expect(mailOf(stateOf(trial), at('2026-12-12T08:00:00Z'))).toContain('ends today at 13:00 CET');
    expect(mailOf(stateOf(trial), at('2026-12-13'))).toMatch(
      /has ended\n.*Scheduled reports are paused.*Nothing was deleted/s,
    );
    expect(mailOf(stateOf({}, { invoices: [paid] }), now)).toMatch(
      /€99\.00\n.*WM-0001.*1 January 2027.*stripe\.com\/i\/1\/pdf/s,
    );
    const yen = { ...paid, amountPaid: 16500, currency: 'JPY' };
    expect(mailOf(stateOf({}, { invoices: [yen] }), now)).toContain('¥16,500');
    const retried = { ...open, nextPaymentAttemptAt: at('2026-12-12') };
    expect(mailOf(stateOf(pastDue, { invoices: [retried] }), now)).toMatch(
      /€99\.00 failed.*again on 12 December 2026.*stripe\.com\/i\/1/s,
    );
    expect(mailOf(stateOf(pastDue, { invoices: [open] }), now)).toContain('not tried again');
    expect(mailOf(stateOf({ cancelAt: at('2027-01-01') }), now)).toContain('it ends on 1 January 2027');
    expect(mailOf(stateOf({ interval: 'YEAR' }), now)).toContain('€990.00 a year');
    expect(mailOf(stateOf({}, { card }), now)).toContain('visa ending in 4242 expires soon');
  });

  it('is due at eight in the morning of the organization', () => {
    const of = at('2027-03-30T01:00:00Z');
    expect(localMorning({ of, days: 3 }, 'Europe/Berlin')).toEqual(at('2027-03-27T07:00:00Z'));
    expect(localMorning({ of, days: 0 }, 'Europe/Berlin')).toEqual(at('2027-03-30T06:00:00Z'));
    expect(localMorning({ of, days: 0 }, 'America/Los_Angeles')).toEqual(at('2027-03-29T15:00:00Z'));
  });
});
