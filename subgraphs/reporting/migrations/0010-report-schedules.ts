import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Schedules of reports, their recipients, and what became of each run. */
export class ReportSchedules1764700001001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reporting.report_schedule (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        name text NOT NULL,
        template_id text NOT NULL,
        recurrence jsonb NOT NULL,
        time_zone text NOT NULL,
        period text NOT NULL,
        compare_to text,
        client_ids uuid[] NOT NULL,
        currency text,
        language text,
        formats text[] NOT NULL CHECK (cardinality(formats) > 0),
        delivery_method text NOT NULL CHECK (delivery_method IN ('ATTACHMENT', 'LINK')),
        on_incomplete text NOT NULL CHECK (on_incomplete IN ('HOLD', 'SEND_WITH_NOTE')),
        is_reviewed boolean NOT NULL,
        owner_id uuid,
        pause_reason text CHECK (pause_reason IN ('REQUESTED', 'OWNER_LEFT', 'TEMPLATE_DELETED', 'CLIENT_DELETED')),
        next_run_at timestamptz(3),
        version integer NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        CHECK ((pause_reason IS NULL) = (next_run_at IS NOT NULL))
      );
      CREATE INDEX report_schedule_oldest ON reporting.report_schedule (organization_id, created_at, id);
      CREATE INDEX report_schedule_due ON reporting.report_schedule (next_run_at) WHERE next_run_at IS NOT NULL;
      CREATE TABLE reporting.report_recipient (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        email text NOT NULL,
        comparable_email text NOT NULL,
        state text NOT NULL CHECK (state IN ('PENDING', 'CONFIRMED', 'DECLINED')),
        member_id uuid,
        token_hash text UNIQUE,
        asked_at timestamptz(3),
        decided_at timestamptz(3),
        created_at timestamptz(3) NOT NULL,
        UNIQUE (organization_id, comparable_email)
      );
      CREATE TABLE reporting.report_schedule_recipient (
        schedule_id uuid NOT NULL REFERENCES reporting.report_schedule ON DELETE CASCADE,
        recipient_id uuid NOT NULL REFERENCES reporting.report_recipient ON DELETE CASCADE,
        PRIMARY KEY (schedule_id, recipient_id)
      );
      CREATE INDEX report_schedule_of_recipient ON reporting.report_schedule_recipient (recipient_id);
      CREATE TABLE reporting.report_delivery (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        schedule_id uuid NOT NULL REFERENCES reporting.report_schedule ON DELETE CASCADE,
        due_at timestamptz(3) NOT NULL,
        is_extra boolean NOT NULL,
        state text NOT NULL CHECK
          (state IN ('MAKING', 'WAITING_REVIEW', 'HELD', 'SENDING', 'REJECTED', 'SENT', 'FAILED', 'SKIPPED', 'MISSED')),
        reason text,
        report_id uuid REFERENCES reporting.report ON DELETE SET NULL,
        is_linked_for_size boolean NOT NULL DEFAULT false,
        decided_at timestamptz(3),
        decided_by uuid,
        sent_at timestamptz(3),
        created_at timestamptz(3) NOT NULL
      );
      -- However many workers find a run due, one orders it.
      CREATE UNIQUE INDEX report_delivery_run ON reporting.report_delivery (schedule_id, due_at) WHERE NOT is_extra;
      -- A second click orders nothing.
      CREATE UNIQUE INDEX report_delivery_extra ON reporting.report_delivery (schedule_id)
        WHERE is_extra AND state = 'MAKING';
      CREATE INDEX report_delivery_newest ON reporting.report_delivery (schedule_id, due_at, id);
      CREATE INDEX report_delivery_open ON reporting.report_delivery (created_at) WHERE state IN ('MAKING', 'SENDING');
      CREATE INDEX report_delivery_by_report ON reporting.report_delivery (report_id);
      CREATE TABLE reporting.report_delivery_recipient (
        delivery_id uuid NOT NULL REFERENCES reporting.report_delivery ON DELETE CASCADE,
        email text NOT NULL,
        recipient_id uuid REFERENCES reporting.report_recipient ON DELETE SET NULL,
        mail_id uuid,
        state text NOT NULL CHECK
          (state IN ('QUEUED', 'SENT', 'BOUNCED', 'SUPPRESSED', 'FAILED', 'UNCONFIRMED', 'NOT_ALLOWED')),
        reason text,
        attempts integer NOT NULL DEFAULT 0,
        finished_at timestamptz(3),
        decline_hash text UNIQUE,
        PRIMARY KEY (delivery_id, email)
      );
      CREATE INDEX report_delivery_recipient_by_recipient ON reporting.report_delivery_recipient (recipient_id);
      -- A mail that was accepted may still bounce.
      CREATE INDEX report_delivery_recipient_open ON reporting.report_delivery_recipient (mail_id)
        WHERE state IN ('QUEUED', 'SENT');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE reporting.report_delivery_recipient, reporting.report_delivery, reporting.report_schedule_recipient,
        reporting.report_recipient, reporting.report_schedule;
    `);
  }
}
