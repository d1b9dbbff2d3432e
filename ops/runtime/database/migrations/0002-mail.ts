import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The mail outbox, and suppressed addresses. */
export class Mail1764100000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.mail (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        key text UNIQUE,
        organization_id uuid,
        kind text NOT NULL,
        recipient text NOT NULL,
        subject text NOT NULL,
        text text NOT NULL,
        html text,
        message_id text UNIQUE,
        status text NOT NULL DEFAULT 'QUEUED'
          CHECK (status IN ('QUEUED', 'SENT', 'BOUNCED', 'SUPPRESSED', 'FAILED')),
        reason text,
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX mail_due ON operations.mail (due_at) WHERE status = 'QUEUED';
      CREATE INDEX mail_finished ON operations.mail (finished_at) WHERE status <> 'QUEUED';
      CREATE TABLE operations.mail_suppression (
        address text PRIMARY KEY,
        cause text NOT NULL CHECK (cause IN ('BOUNCE', 'COMPLAINT')),
        reason text,
        created_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operations.mail_suppression, operations.mail');
  }
}
