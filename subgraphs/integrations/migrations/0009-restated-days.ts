import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many days of an account may change, and copied days that are to be read again. */
export class RestatedDays1764400000901 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.account ADD COLUMN restated_days int CHECK (restated_days BETWEEN 1 AND 90);
      ALTER TABLE integrations.history_day ADD COLUMN refresh_ordered_at timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.history_day DROP COLUMN refresh_ordered_at;
      ALTER TABLE integrations.account DROP COLUMN restated_days;
    `);
  }
}
