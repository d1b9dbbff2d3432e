import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Amounts and conversions as large as providers report them, and campaigns in a state we have no word for. */
export class FiguresOfAnySize1764400000801 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.daily_metrics
        ALTER COLUMN cost_micros TYPE numeric,
        ALTER COLUMN conversions TYPE numeric,
        ALTER COLUMN conversion_value_micros TYPE numeric;
      ALTER TABLE integrations.history_campaign
        DROP CONSTRAINT history_campaign_status_check,
        ADD CHECK (status IN ('ACTIVE', 'PAUSED', 'ENDED', 'OTHER'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE integrations.history_campaign SET status = 'PAUSED' WHERE status = 'OTHER';
      ALTER TABLE integrations.history_campaign
        DROP CONSTRAINT history_campaign_status_check,
        ADD CHECK (status IN ('ACTIVE', 'PAUSED', 'ENDED'));
      ALTER TABLE integrations.daily_metrics
        ALTER COLUMN cost_micros TYPE bigint,
        ALTER COLUMN conversions TYPE numeric(20, 6),
        ALTER COLUMN conversion_value_micros TYPE bigint;
    `);
  }
}
