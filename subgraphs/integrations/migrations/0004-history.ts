import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Copies of daily figures, so that providers are asked for them once. */
export class History1764300000401 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE integrations.account_history (
        account_id uuid PRIMARY KEY REFERENCES integrations.account ON DELETE CASCADE,
        organization_id uuid NOT NULL,
        currency text NOT NULL,
        time_zone text NOT NULL,
        wanted_from date NOT NULL,
        due_at timestamptz NOT NULL,
        claimed_until timestamptz,
        failures int NOT NULL DEFAULT 0,
        problem text,
        updated_at timestamptz
      );
      CREATE INDEX account_history_due_at ON integrations.account_history (due_at);
      CREATE INDEX account_history_organization ON integrations.account_history (organization_id);
      CREATE TABLE integrations.history_day (
        organization_id uuid NOT NULL,
        account_id uuid NOT NULL REFERENCES integrations.account_history ON DELETE CASCADE,
        day date NOT NULL,
        fetched_at timestamptz NOT NULL,
        is_final boolean NOT NULL,
        PRIMARY KEY (account_id, day)
      );
      CREATE TABLE integrations.daily_metrics (
        organization_id uuid NOT NULL,
        account_id uuid NOT NULL REFERENCES integrations.account_history ON DELETE CASCADE,
        day date NOT NULL,
        campaign_id text NOT NULL,
        impressions bigint NOT NULL,
        clicks bigint NOT NULL,
        cost_micros bigint NOT NULL,
        conversions numeric(20, 6) NOT NULL,
        conversion_value_micros bigint NOT NULL,
        PRIMARY KEY (account_id, day, campaign_id)
      );
      CREATE TABLE integrations.history_campaign (
        organization_id uuid NOT NULL,
        account_id uuid NOT NULL REFERENCES integrations.account_history ON DELETE CASCADE,
        external_id text NOT NULL,
        name text NOT NULL,
        status text NOT NULL CHECK (status IN ('ACTIVE', 'PAUSED', 'ENDED')),
        provider_status text NOT NULL,
        objective text,
        PRIMARY KEY (account_id, external_id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE integrations.history_campaign, integrations.daily_metrics, integrations.history_day, integrations.account_history',
    );
  }
}
