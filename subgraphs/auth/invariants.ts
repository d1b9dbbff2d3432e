import type { Invariant } from '#ops/backup/invariant.js';

/** The invariants of accounts and webhooks. */
export const invariants: Invariant[] = [
  {
    name: 'every organization has an owner until it is closed',
    sql: `SELECT FROM auth.organization AS o WHERE closed_at IS NULL AND NOT EXISTS
      (SELECT FROM auth.membership WHERE organization_id = o.id AND role = 'OWNER')`,
  },
  {
    name: 'webhooks belong to the organization of their events',
    sql: `SELECT FROM operations.webhook_delivery AS d JOIN operations.webhook_event AS e ON e.id = event_id
      JOIN operations.webhook_endpoint AS p ON p.id = endpoint_id
      WHERE d.organization_id <> e.organization_id OR d.organization_id <> p.organization_id`,
  },
  {
    name: 'a delivered webhook has an attempt that was answered with success',
    sql: `SELECT FROM operations.webhook_delivery AS d WHERE state = 'DELIVERED' AND NOT EXISTS
      (SELECT FROM operations.webhook_attempt WHERE delivery_id = d.id AND error IS NULL)`,
  },
];
