import type { Invariant } from '#ops/backup/invariant.js';

/** The invariants of plans and subscriptions. */
export const invariants: Invariant[] = [
  { name: 'there are plans to subscribe to', sql: 'SELECT WHERE NOT EXISTS (SELECT FROM billing.plan)' },
];
