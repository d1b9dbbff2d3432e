import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a person can be found by, for the export of their data. */
export class FoundByPerson1764700001901 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX report_author ON reporting.report (created_by) WHERE created_by IS NOT NULL;
      CREATE INDEX report_share_author ON reporting.report_share (created_by) WHERE created_by IS NOT NULL;
      CREATE INDEX report_schedule_owner ON reporting.report_schedule (owner_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX reporting.report_author, reporting.report_share_author, reporting.report_schedule_owner;
    `);
  }
}
