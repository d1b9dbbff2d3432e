import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Actions of campaigns, and conversions that are not reported: null, not zero. Days of Meta are read again for them. */
export class Actions1764400001001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.daily_metrics
        ALTER COLUMN conversions DROP NOT NULL,
        ALTER COLUMN conversion_value_micros DROP NOT NULL,
        ADD COLUMN actions jsonb;
      UPDATE integrations.history_day SET refresh_ordered_at = now()
      FROM integrations.account WHERE account.id = history_day.account_id AND account.provider_id = 'meta-ads';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE integrations.daily_metrics SET conversions = coalesce(conversions, 0),
        conversion_value_micros = coalesce(conversion_value_micros, 0);
      ALTER TABLE integrations.daily_metrics
        DROP COLUMN actions,
        ALTER COLUMN conversions SET NOT NULL,
        ALTER COLUMN conversion_value_micros SET NOT NULL;
    `);
  }
}
