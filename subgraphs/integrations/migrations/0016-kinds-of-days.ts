import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Days of every kind are copied: also of accounts without a currency, and with what is known about a day besides figures. */
export class KindsOfDays1764500001601 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.account_history ALTER COLUMN currency DROP NOT NULL;
      ALTER TABLE integrations.history_day
        ADD COLUMN incomplete text[] NOT NULL DEFAULT '{}',
        ADD COLUMN quality text[] NOT NULL DEFAULT '{}';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.history_day DROP COLUMN incomplete, DROP COLUMN quality;
      DELETE FROM integrations.account_history WHERE currency IS NULL;
      ALTER TABLE integrations.account_history ALTER COLUMN currency SET NOT NULL;
    `);
  }
}
