import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reports ordered by API keys. */
export class OrderedByKey1764100000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reporting.report ALTER COLUMN created_by DROP NOT NULL, ADD COLUMN ordered_by_key uuid;
      ALTER TABLE reporting.report ADD CONSTRAINT report_ordered CHECK (created_by IS NOT NULL OR ordered_by_key IS NOT NULL);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reporting.report DROP CONSTRAINT report_ordered, DROP COLUMN ordered_by_key;
      ALTER TABLE reporting.report ALTER COLUMN created_by SET NOT NULL;
    `);
  }
}
