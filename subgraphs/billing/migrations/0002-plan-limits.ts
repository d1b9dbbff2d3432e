import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Limits of plans. */
export class PlanLimits1764100000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE billing.plan
        ADD COLUMN requests_per_minute integer NOT NULL DEFAULT 600 CHECK (requests_per_minute > 0),
        ADD COLUMN cost_per_minute integer NOT NULL DEFAULT 600000 CHECK (cost_per_minute > 0);
      UPDATE billing.plan SET requests_per_minute = 1200, cost_per_minute = 1200000 WHERE id = 'team';
      UPDATE billing.plan SET requests_per_minute = 3000, cost_per_minute = 3000000 WHERE id = 'agency';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE billing.plan DROP COLUMN requests_per_minute, DROP COLUMN cost_per_minute');
  }
}
