import type { Invariant } from '#ops/backup/invariant.js';
import { plans } from '#runtime/entitlements/plans.js';

const known = plans.map(({ id }) => `'${id}'`).join(', ');

/** The invariants of subscriptions and of what organizations may use. */
export const invariants: Invariant[] = [
  {
    name: 'each subscription is to a plan on offer',
    sql: `SELECT id FROM billing.subscription WHERE plan_id NOT IN (${known})`,
  },
  {
    name: 'each entitlement is to a plan on offer',
    sql: `SELECT organization_id FROM operations.entitlement
      WHERE plan_id NOT IN (${known}) OR next_plan_id NOT IN (${known})`,
  },
];
