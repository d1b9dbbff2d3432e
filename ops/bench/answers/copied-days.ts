import type { DataSource } from 'typeorm';

/** How much is copied of each organization. */
export interface CopiedSize {
  accounts: number;
  /** In each account. */
  campaigns: number;
  days: number;
}

/** The last copied day. */
export const LAST_DAY = '2026-10-31';

const PARTITIONS = `
  DO $$
  DECLARE
    first date;
    parent text;
  BEGIN
    FOR first IN SELECT generate_series(date_trunc('month', DATE '${LAST_DAY}' - %DAYS% + 1), DATE '${LAST_DAY}', '1 month') LOOP
      FOREACH parent IN ARRAY ARRAY['history_day', 'daily_metrics'] LOOP
        EXECUTE format('CREATE TABLE IF NOT EXISTS integrations.%I PARTITION OF integrations.%I FOR VALUES FROM (%L) TO (%L)',
          parent || to_char(first, '_YYYY_MM'), parent, first, (first + interval '1 month')::date);
      END LOOP;
    END LOOP;
  END $$`;

const ORGANIZATIONS = "INSERT INTO auth.organization (id, name) SELECT id, 'Bench' FROM unnest($1::uuid[]) AS id";

/** More accounts than a trial includes. */
const ENTITLEMENTS = `
  INSERT INTO operations.entitlement (organization_id, plan_id, access, updated_at)
  SELECT id, 'agency', 'FULL', now() FROM unnest($1::uuid[]) AS id ON CONFLICT DO NOTHING`;

const CONNECTIONS = `
  INSERT INTO integrations.connection (organization_id, provider_id, external_user_id, granted_by, status, scopes, version)
  SELECT id, 'google-ads', id::text, 'Bench', 'ACTIVE', '{}', 1 FROM unnest($1::uuid[]) AS organization (id)`;

// Three of four accounts are at Google Ads, in two currencies.
const ACCOUNTS = `
  INSERT INTO integrations.account (organization_id, connection_id, provider_id, external_id, name, currency, time_zone,
    is_active, access)
  SELECT organization_id, id, CASE WHEN n % 4 = 0 THEN 'meta-ads' ELSE 'google-ads' END, n::text, 'Account ' || n,
    CASE WHEN n % 5 = 0 THEN 'USD' ELSE 'EUR' END, 'Europe/Berlin', true, '{}'
  FROM integrations.connection, generate_series(1, $2::int) AS n WHERE organization_id = ANY ($1::uuid[])`;

const HISTORIES = `
  INSERT INTO integrations.account_history (account_id, organization_id, currency, time_zone, wanted_from, due_at, updated_at)
  SELECT id, organization_id, currency, time_zone, DATE '${LAST_DAY}' - $2::int + 1, now() + interval '1 year', now()
  FROM integrations.account WHERE organization_id = ANY ($1::uuid[])`;

const DAYS = `
  INSERT INTO integrations.history_day (account_id, organization_id, day, fetched_at, is_final)
  SELECT account_id, organization_id, DATE '${LAST_DAY}' - n, now(), true
  FROM integrations.account_history, generate_series(0, $2::int - 1) AS n WHERE organization_id = ANY ($1::uuid[])`;

const CAMPAIGNS = `
  INSERT INTO integrations.history_campaign (account_id, organization_id, external_id, name, status, provider_status, objective)
  SELECT account_id, organization_id, n::text, 'Campaign ' || n, 'ACTIVE', 'ENABLED', 'SEARCH'
  FROM integrations.account_history, generate_series(1, $2::int) AS n WHERE organization_id = ANY ($1::uuid[])`;

const METRICS = `
  INSERT INTO integrations.daily_metrics (account_id, organization_id, day, campaign_id, impressions, clicks, cost_micros,
    conversions, conversion_value_micros)
  SELECT account_id, organization_id, day, n::text, 1000 + (n * 37 + day - DATE '2020-01-01') % 900,
    20 + (n * 7 + day - DATE '2020-01-01') % 70, 12345678 * (1 + n % 9), (n % 5)::numeric / 2, 40000000 * (n % 5)
  FROM integrations.history_day, generate_series(1, $2::int) AS n WHERE organization_id = ANY ($1::uuid[])
  ORDER BY organization_id, account_id, day, n`;

/** Copies the same made-up days of advertising for each organization, as if its providers had reported them. */
export async function copyDays(
  database: DataSource,
  organizationIds: string[],
  { accounts, campaigns, days }: CopiedSize,
): Promise<void> {
  await database.transaction(async (manager) => {
    await manager.query('SET LOCAL statement_timeout = 0');
    // Ten million references are right, and take longer to check than to write.
    await manager.query('SET LOCAL session_replication_role = replica');
    await manager.query(PARTITIONS.replaceAll('%DAYS%', String(Math.trunc(days))));
    await manager.query(ORGANIZATIONS, [organizationIds]);
    await manager.query(ENTITLEMENTS, [organizationIds]);
    await manager.query(CONNECTIONS, [organizationIds]);
    await manager.query(ACCOUNTS, [organizationIds, accounts]);
    await manager.query(HISTORIES, [organizationIds, days]);
    await manager.query(DAYS, [organizationIds, days]);
    await manager.query(CAMPAIGNS, [organizationIds, campaigns]);
    await manager.query(METRICS, [organizationIds, campaigns]);
  });
}

/** Has the planner know what is in the tables, as autovacuum does after a while. */
export const analyzeDays = (database: DataSource): Promise<void> =>
  database.query(
    `ANALYZE integrations.daily_metrics, integrations.history_day, integrations.account, integrations.account_history,
      integrations.history_campaign`,
  );
