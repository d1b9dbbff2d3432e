import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reports whose rows are kept no longer. */
export class ExpiredReports1764700002001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reporting.report
        DROP CONSTRAINT report_status,
        ADD CONSTRAINT report_status CHECK
          (status IN ('QUEUED', 'RUNNING', 'WAITING', 'READY', 'FAILED', 'CANCELLED', 'EXPIRED')) NOT VALID;
      CREATE INDEX report_kept ON reporting.report (organization_id, finished_at) WHERE status = 'READY';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX reporting.report_kept;
      UPDATE reporting.report SET status = 'CANCELLED' WHERE status = 'EXPIRED';
      ALTER TABLE reporting.report
        DROP CONSTRAINT report_status,
        ADD CONSTRAINT report_status CHECK (status IN ('QUEUED', 'RUNNING', 'WAITING', 'READY', 'FAILED', 'CANCELLED'));
    `);
  }
}
