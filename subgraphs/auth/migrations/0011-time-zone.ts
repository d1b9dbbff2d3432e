import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The time zone of an organization's periods. */
export class TimeZone1764500001101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE auth.organization ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE auth.organization DROP COLUMN time_zone');
  }
}
