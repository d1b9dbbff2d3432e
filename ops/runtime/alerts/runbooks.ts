/** The pages of `ops/runbooks`. */
export const runbooks = [
  'audit-trail-damaged',
  'audit-verification-overdue',
  'availability-budget',
  'backup-failed',
  'backup-overdue',
  'backup-tables-gone',
  'billing-differs',
  'certificate-ending',
  'clock-wrong',
  'database-unreachable',
  'disk-almost-full',
  'error-share-high',
  'gateway-unreachable',
  'jobs-given-up',
  'latency-budget',
  'mail-waiting',
  'metrics-missing',
  'organization-not-erased',
  'process-down',
  'provider-failing',
  'queue-old',
  'queue-unreachable',
  'read-replica-unreachable',
  'reconnect-required',
  'redis-unreachable',
  'reference-rates',
  'restore-drill-failed',
  'restore-drill-overdue',
  'stripe-events-stuck',
  'subgraph-unreachable',
  'tokens-not-renewed',
  'unexpected-error',
  'webhooks-late',
] as const;

export type Runbook = (typeof runbooks)[number];

/** Returns where a page is in the sources of this version. */
export const runbookPath = (runbook: Runbook): string => `ops/runbooks/${runbook}.md`;
