import type { Invariant } from '#ops/backup/invariant.js';
import { figureTables } from './services/history/kinds/index.js';

/** Checked on every restored backup. */
export const invariants: Invariant[] = [
  {
    name: "an account's connection belongs to the same organization",
    sql: `SELECT FROM integrations.account AS a JOIN integrations.connection AS c ON c.id = a.connection_id
      WHERE c.organization_id <> a.organization_id`,
  },
  {
    name: "a client's accounts belong to the same organization",
    sql: `SELECT FROM integrations.client_account AS ca JOIN integrations.client AS c ON c.id = ca.client_id
      JOIN integrations.account AS a ON a.id = ca.account_id
      WHERE c.organization_id <> a.organization_id OR ca.organization_id <> c.organization_id`,
  },
  {
    name: 'a note is about a client or an account of the same organization',
    sql: `SELECT FROM integrations.annotation AS n
      LEFT JOIN integrations.client AS c ON c.id = n.client_id LEFT JOIN integrations.account AS a ON a.id = n.account_id
      WHERE (n.client_id IS NOT NULL AND c.organization_id IS DISTINCT FROM n.organization_id)
        OR (n.account_id IS NOT NULL AND a.organization_id IS DISTINCT FROM n.organization_id)`,
  },
  {
    name: 'a saved view is shared, or has an owner',
    sql: 'SELECT FROM integrations.saved_view WHERE NOT is_shared AND owner_id IS NULL',
  },
  {
    name: "an account's copied days belong to the same organization",
    sql: `SELECT FROM integrations.account AS a JOIN integrations.account_history AS h ON h.account_id = a.id
      LEFT JOIN integrations.history_day AS d ON d.account_id = a.id
      WHERE h.organization_id <> a.organization_id OR d.organization_id <> a.organization_id`,
  },
  ...figureTables.map((table) => ({
    name: `figures in ${table} are of days that are copied, of the same organization`,
    sql: `SELECT FROM integrations.${table} AS m
      LEFT JOIN integrations.history_day AS d ON d.account_id = m.account_id AND d.day = m.day
      WHERE d.organization_id IS DISTINCT FROM m.organization_id`,
  })),
  {
    name: "a budget's client and account belong to the same organization",
    sql: `SELECT FROM integrations.budget AS b
      LEFT JOIN integrations.client AS c ON c.id = b.client_id
      LEFT JOIN integrations.account AS a ON a.id = b.account_id
      WHERE c.organization_id <> b.organization_id OR a.organization_id <> b.organization_id`,
  },
  {
    name: 'an alert is of a rule of the same organization, and once open for each target',
    sql: `SELECT FROM integrations.alert AS a JOIN integrations.alert_rule AS r ON r.id = a.rule_id
      GROUP BY a.rule_id, a.target_key, a.organization_id, r.organization_id
      HAVING a.organization_id <> r.organization_id OR count(*) FILTER (WHERE a.resolved_at IS NULL) > 1`,
  },
];
