import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Waiting counts apart from attempts; rows are in the datasets. */
export class WaitingReports1764300000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reporting.report ADD COLUMN waits integer NOT NULL DEFAULT 0;
      DELETE FROM reporting.report WHERE status = 'READY' AND id IN (SELECT report_id FROM reporting.report_row);
      DROP TABLE reporting.report_row;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reporting.report DROP COLUMN waits;
      CREATE TABLE reporting.report_row (
        report_id uuid NOT NULL REFERENCES reporting.report ON DELETE CASCADE,
        position integer NOT NULL,
        cells jsonb NOT NULL,
        PRIMARY KEY (report_id, position)
      );
    `);
  }
}
