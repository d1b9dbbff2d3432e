import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a model may word summaries, by organization. */
export class SummarySettings1764700001501 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reporting.summary_settings (
        organization_id uuid PRIMARY KEY,
        is_worded_by_model boolean NOT NULL,
        updated_at timestamptz(3) NOT NULL
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reporting.summary_settings');
  }
}
