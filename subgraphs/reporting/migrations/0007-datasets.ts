import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The data of reports. Chunks are written while a report is made, by attempt; those of one attempt are published with its dataset.
 */
export class Datasets1764700000701 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reporting.report_chunk (
        report_id uuid NOT NULL REFERENCES reporting.report ON DELETE CASCADE,
        attempt integer NOT NULL,
        section integer NOT NULL,
        first_row integer NOT NULL,
        row_count integer NOT NULL CHECK (row_count > 0),
        lines text NOT NULL,
        PRIMARY KEY (report_id, attempt, section, first_row)
      );
      CREATE TABLE reporting.report_dataset (
        report_id uuid PRIMARY KEY REFERENCES reporting.report ON DELETE CASCADE,
        attempt integer NOT NULL,
        hash text NOT NULL,
        row_count integer NOT NULL,
        manifest jsonb NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reporting.report_dataset, reporting.report_chunk');
  }
}
