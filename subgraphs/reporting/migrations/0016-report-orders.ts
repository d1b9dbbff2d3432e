import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ordered reports that have not failed, also deleted ones: what the plan's limit counts. */
export class ReportOrders1764700001601 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reporting.report_order (
        organization_id uuid NOT NULL,
        report_id uuid NOT NULL,
        ordered_at timestamptz(3) NOT NULL,
        PRIMARY KEY (organization_id, report_id)
      );
      CREATE INDEX report_order_by_time ON reporting.report_order (organization_id, ordered_at);
      INSERT INTO reporting.report_order (organization_id, report_id, ordered_at)
        SELECT organization_id, id, created_at FROM reporting.report WHERE status <> 'FAILED';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reporting.report_order');
  }
}
