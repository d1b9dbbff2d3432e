import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Report templates, reports and their rows. */
export class Reports1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reporting.report_template (
        id text PRIMARY KEY,
        position integer NOT NULL UNIQUE,
        name text NOT NULL,
        description text NOT NULL,
        columns jsonb NOT NULL
      );
      INSERT INTO reporting.report_template (id, position, name, description, columns) VALUES
        ('campaign-performance', 1, 'Campaign performance', 'What every campaign did and cost, one row per campaign.', '[
          { "key": "provider", "title": "Provider", "kind": "TEXT" },
          { "key": "account", "title": "Account", "kind": "TEXT" },
          { "key": "campaign", "title": "Campaign", "kind": "TEXT" },
          { "key": "status", "title": "Status", "kind": "TEXT" },
          { "key": "currency", "title": "Currency", "kind": "TEXT" },
          { "key": "impressions", "title": "Impressions", "kind": "INTEGER" },
          { "key": "clicks", "title": "Clicks", "kind": "INTEGER" },
          { "key": "cost", "title": "Cost", "kind": "DECIMAL" },
          { "key": "conversions", "title": "Conversions", "kind": "DECIMAL" },
          { "key": "conversion_value", "title": "Conversion value", "kind": "DECIMAL" }
        ]'),
        ('account-summary', 2, 'Account summary', 'What all campaigns of an account did and cost together, one row per account.', '[
          { "key": "provider", "title": "Provider", "kind": "TEXT" },
          { "key": "account", "title": "Account", "kind": "TEXT" },
          { "key": "status", "title": "Status", "kind": "TEXT" },
          { "key": "currency", "title": "Currency", "kind": "TEXT" },
          { "key": "campaigns", "title": "Campaigns", "kind": "INTEGER" },
          { "key": "impressions", "title": "Impressions", "kind": "INTEGER" },
          { "key": "clicks", "title": "Clicks", "kind": "INTEGER" },
          { "key": "cost", "title": "Cost", "kind": "DECIMAL" },
          { "key": "conversions", "title": "Conversions", "kind": "DECIMAL" },
          { "key": "conversion_value", "title": "Conversion value", "kind": "DECIMAL" }
        ]');
      -- Instants in milliseconds, as cursors hold them: a finer one could never be compared equal again.
      CREATE TABLE reporting.report (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        template_id text NOT NULL REFERENCES reporting.report_template,
        title text NOT NULL,
        range_start date NOT NULL,
        range_end date NOT NULL,
        client_ids uuid[] NOT NULL,
        created_by uuid NOT NULL,
        status text NOT NULL CHECK (status IN ('QUEUED', 'RUNNING', 'READY', 'FAILED')),
        progress integer NOT NULL CHECK (progress BETWEEN 0 AND 100),
        failure_code text,
        failure_message text,
        row_count integer,
        attempts integer NOT NULL,
        queued_at timestamptz(3) NOT NULL,
        claimed_at timestamptz(3),
        created_at timestamptz(3) NOT NULL,
        finished_at timestamptz(3)
      );
      CREATE INDEX report_newest ON reporting.report (organization_id, created_at, id);
      CREATE INDEX report_unfinished ON reporting.report (queued_at) WHERE status IN ('QUEUED', 'RUNNING');
      CREATE TABLE reporting.report_row (
        report_id uuid NOT NULL REFERENCES reporting.report ON DELETE CASCADE,
        position integer NOT NULL,
        cells jsonb NOT NULL,
        PRIMARY KEY (report_id, position)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reporting.report_row, reporting.report, reporting.report_template');
  }
}
