import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a report does about accounts that cannot be read, and which they were. */
export class UnavailableAccounts1764200000821 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reporting.report
        ADD COLUMN on_unavailable text NOT NULL DEFAULT 'FAIL' CHECK (on_unavailable IN ('FAIL', 'LEAVE_OUT')),
        ADD COLUMN unavailable_accounts jsonb NOT NULL DEFAULT '[]';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE reporting.report DROP COLUMN on_unavailable, DROP COLUMN unavailable_accounts');
  }
}
