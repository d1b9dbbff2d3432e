import type { Invariant } from '#ops/backup/invariant.js';

/** What is true of plans and subscriptions at any time. */
export const invariants: Invariant[] = [
  { name: 'there are plans to subscribe to', sql: 'SELECT WHERE NOT EXISTS (SELECT FROM billing.plan)' },
];
