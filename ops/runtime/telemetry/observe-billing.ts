import { Histogram } from 'prom-client';
import { ageOf, FigureSource, figureGauge, secondsOf } from './figure-source.js';
import { registry } from './registry.js';

/** Seconds: an event is applied at once, or waits while Stripe is away. */
const LAG_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600];

const lags = new Histogram({
  name: 'webmetrics_stripe_event_lag_seconds',
  help: 'From receiving an event of Stripe to having applied or ignored it, in this process.',
  labelNames: ['outcome'],
  buckets: LAG_BUCKETS,
  registers: [registry],
});

/** Counts an event of Stripe that was applied or ignored, and how long that took since it was received. */
export function observeStripeEvent(outcome: 'applied' | 'ignored', lagSeconds: number): void {
  lags.observe({ outcome }, Math.max(0, lagSeconds));
}

/** What the metrics show of billing: instants are null where there was none. */
export interface BillingFigures {
  events: { lastReceivedAt: Date | null; waiting: number; oldestWaitingSince: Date | null };
  payments: { failedInLastDay: number; pastDueOrganizations: number };
  reconciliation: { finishedAt: Date | null; differences: number; moneyDifferences: number } | null;
}

const source = new FigureSource<BillingFigures>();

/** Shows billing in the metrics, read on each scrape; undefined = no longer. */
export function watchBilling(reader: (() => Promise<BillingFigures>) | undefined): void {
  source.watch(reader);
}

function gauge(name: string, help: string, readValue: (figures: BillingFigures) => number | null | undefined): void {
  figureGauge(source, { name, help, samples: (figures) => [{ value: readValue(figures) }] });
}

gauge('webmetrics_stripe_events_waiting', 'Events of Stripe that are not applied yet.', ({ events }) => events.waiting);
gauge(
  'webmetrics_stripe_oldest_waiting_event_seconds',
  'How long the oldest event of Stripe has been waiting; 0 when none is.',
  ({ events }) => ageOf(events.oldestWaitingSince),
);
gauge(
  'webmetrics_stripe_last_event_timestamp_seconds',
  'When an event of Stripe was last received, in seconds since 1970.',
  ({ events }) => secondsOf(events.lastReceivedAt),
);
gauge(
  'webmetrics_billing_failed_payments',
  'Payments that failed in the last 24 hours.',
  ({ payments }) => payments.failedInLastDay,
);
gauge(
  'webmetrics_billing_past_due_organizations',
  'Organizations whose payment failed and is being retried.',
  ({ payments }) => payments.pastDueOrganizations,
);
gauge(
  'webmetrics_reconciliation_finished_timestamp_seconds',
  'When everything was last compared with Stripe, in seconds since 1970.',
  ({ reconciliation }) => secondsOf(reconciliation?.finishedAt),
);
gauge(
  'webmetrics_reconciliation_differences',
  'What differed from Stripe at the last comparison.',
  ({ reconciliation }) => reconciliation?.differences,
);
gauge(
  'webmetrics_reconciliation_money_differences',
  'What of it was money.',
  ({ reconciliation }) => reconciliation?.moneyDifferences,
);
