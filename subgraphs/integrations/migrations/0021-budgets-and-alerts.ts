import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Budgets of months, and what is to be alerted to. */
export class BudgetsAndAlerts1764600002101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE integrations.budget (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        target_key text NOT NULL,
        client_id uuid,
        account_id uuid,
        campaign_ids text[],
        currency text NOT NULL,
        month date NOT NULL CHECK (extract(day FROM month) = 1),
        repeats boolean NOT NULL,
        amount_micros numeric CHECK (amount_micros > 0),
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, target_key, currency, month),
        CHECK (num_nonnulls(client_id, account_id, campaign_ids) = 1),
        FOREIGN KEY (organization_id, client_id) REFERENCES integrations.client (organization_id, id) ON DELETE CASCADE,
        FOREIGN KEY (organization_id, account_id) REFERENCES integrations.account (organization_id, id) ON DELETE CASCADE
      );
      CREATE INDEX budget_client ON integrations.budget (organization_id, client_id);
      CREATE INDEX budget_account ON integrations.budget (organization_id, account_id);
      CREATE TABLE integrations.alert_rule (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        kind text NOT NULL CHECK (kind IN ('OVER_PACE', 'UNDER_PACE', 'SPEND_UNUSUAL', 'CPA_UNUSUAL', 'NOTHING_SPENT',
          'TRACKING_GONE', 'CONNECTION_FAILING')),
        name text NOT NULL,
        client_ids uuid[] NOT NULL,
        account_ids uuid[] NOT NULL,
        campaign_ids text[] NOT NULL,
        threshold numeric,
        recipient_ids uuid[] NOT NULL,
        created_by_user_id uuid,
        is_paused boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, id)
      );
      CREATE TABLE integrations.alert (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        rule_id uuid NOT NULL,
        kind text NOT NULL,
        target_key text NOT NULL,
        target text NOT NULL,
        message text NOT NULL,
        client_id uuid,
        account_id uuid,
        campaign_id text,
        account_ids uuid[] NOT NULL,
        connection_id uuid,
        day date,
        raised_at timestamptz NOT NULL,
        resolved_at timestamptz,
        resolution text,
        acknowledged_at timestamptz,
        acknowledged_by_user_id uuid,
        muted_until timestamptz,
        PRIMARY KEY (organization_id, id),
        CHECK ((resolved_at IS NULL) = (resolution IS NULL)),
        FOREIGN KEY (organization_id, rule_id) REFERENCES integrations.alert_rule (organization_id, id) ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX alert_open ON integrations.alert (organization_id, rule_id, target_key) WHERE resolved_at IS NULL;
      CREATE INDEX alert_raised_at ON integrations.alert (organization_id, raised_at, id);
      CREATE INDEX alert_rule_target ON integrations.alert (organization_id, rule_id, target_key, raised_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE integrations.alert, integrations.alert_rule, integrations.budget');
  }
}
