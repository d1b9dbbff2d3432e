import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Templates are data: those of organizations are rows, built-in ones code, and every report keeps the definition it was ordered with.
 * Reports made before, of which there is no release, are dropped: they have none.
 */
export class ReportDefinitions1764300000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM reporting.report;
      ALTER TABLE reporting.report DROP CONSTRAINT report_template_id_fkey;
      DROP TABLE reporting.report_template;
      CREATE TABLE reporting.report_template (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        name text NOT NULL,
        description text NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        definition jsonb NOT NULL,
        created_by uuid,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        archived_at timestamptz(3)
      );
      CREATE INDEX report_template_of_organization ON reporting.report_template (organization_id, lower(name), id);
      ALTER TABLE reporting.report
        ADD COLUMN template_name text NOT NULL,
        ADD COLUMN template_version integer NOT NULL,
        ADD COLUMN definition jsonb NOT NULL,
        ADD COLUMN period text,
        ADD COLUMN compare_to text CHECK (compare_to IN ('PREVIOUS_PERIOD', 'PREVIOUS_YEAR')),
        ADD COLUMN compared_start date,
        ADD COLUMN compared_end date,
        ADD COLUMN currency text,
        ADD COLUMN language text NOT NULL,
        ADD COLUMN time_zone text NOT NULL,
        ADD COLUMN schedule_id uuid,
        ADD COLUMN order_key text,
        ADD COLUMN order_hash text,
        ADD COLUMN step text CHECK (step IN ('READING', 'SUMMARIZING', 'STORING')),
        ADD COLUMN step_section integer,
        ADD COLUMN waiting_code text,
        ADD COLUMN waiting_message text,
        ADD COLUMN waiting_since timestamptz(3),
        ADD COLUMN retry_at timestamptz(3),
        ADD COLUMN sources jsonb NOT NULL DEFAULT '[]',
        DROP CONSTRAINT report_status_check,
        ADD CONSTRAINT report_status CHECK (status IN ('QUEUED', 'RUNNING', 'WAITING', 'READY', 'FAILED', 'CANCELLED')),
        ADD CONSTRAINT report_waiting CHECK (status <> 'WAITING' OR (waiting_code IS NOT NULL AND retry_at IS NOT NULL)),
        ADD CONSTRAINT report_compared CHECK ((compared_start IS NULL) = (compared_end IS NULL)),
        DROP CONSTRAINT report_ordered,
        ADD CONSTRAINT report_ordered CHECK (num_nonnulls(created_by, ordered_by_key, schedule_id) > 0);
      DROP INDEX reporting.report_unfinished;
      CREATE INDEX report_unfinished ON reporting.report (queued_at) WHERE status IN ('QUEUED', 'RUNNING', 'WAITING');
      CREATE UNIQUE INDEX report_order_key ON reporting.report (organization_id, coalesce(created_by, ordered_by_key), order_key)
        WHERE order_key IS NOT NULL;
      CREATE INDEX report_of_schedule ON reporting.report (schedule_id, created_at) WHERE schedule_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM reporting.report;
      DROP INDEX reporting.report_unfinished, reporting.report_order_key, reporting.report_of_schedule;
      ALTER TABLE reporting.report
        DROP CONSTRAINT report_status, DROP CONSTRAINT report_waiting, DROP CONSTRAINT report_compared,
        DROP CONSTRAINT report_ordered,
        DROP COLUMN template_name, DROP COLUMN template_version, DROP COLUMN definition, DROP COLUMN period,
        DROP COLUMN compare_to, DROP COLUMN compared_start, DROP COLUMN compared_end, DROP COLUMN currency,
        DROP COLUMN language, DROP COLUMN time_zone, DROP COLUMN schedule_id, DROP COLUMN order_key, DROP COLUMN order_hash,
        DROP COLUMN step, DROP COLUMN step_section, DROP COLUMN waiting_code, DROP COLUMN waiting_message,
        DROP COLUMN waiting_since, DROP COLUMN retry_at, DROP COLUMN sources,
        ADD CONSTRAINT report_status_check CHECK (status IN ('QUEUED', 'RUNNING', 'READY', 'FAILED')),
        ADD CONSTRAINT report_ordered CHECK (created_by IS NOT NULL OR ordered_by_key IS NOT NULL);
      CREATE INDEX report_unfinished ON reporting.report (queued_at) WHERE status IN ('QUEUED', 'RUNNING');
      DROP TABLE reporting.report_template;
      CREATE TABLE reporting.report_template (
        id text PRIMARY KEY,
        position integer NOT NULL UNIQUE,
        name text NOT NULL,
        description text NOT NULL,
        columns jsonb NOT NULL
      );
      ALTER TABLE reporting.report ADD FOREIGN KEY (template_id) REFERENCES reporting.report_template;
    `);
  }
}
