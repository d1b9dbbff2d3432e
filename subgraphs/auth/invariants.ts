import type { Invariant } from '#ops/backup/invariant.js';

/** The invariants of accounts. */
export const invariants: Invariant[] = [
  {
    name: 'every organization has an owner until it is closed',
    sql: `SELECT FROM auth.organization AS o WHERE closed_at IS NULL AND NOT EXISTS
      (SELECT FROM auth.membership WHERE organization_id = o.id AND role = 'OWNER')`,
  },
];
