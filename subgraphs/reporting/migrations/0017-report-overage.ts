import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which orders were beyond what the plan includes, when they were ordered. */
export class ReportOverage1764700001701 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- NULL = included. MADE = to be charged; NOTIFIED = billing knows.
      ALTER TABLE reporting.report_order ADD COLUMN overage text CHECK (overage IN ('ORDERED', 'MADE', 'NOTIFIED'));
      CREATE INDEX report_order_made ON reporting.report_order (organization_id, report_id) WHERE overage = 'MADE';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE reporting.report_order DROP COLUMN overage');
  }
}
