import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Organizations from before there were entitlements have the trial they began with. */
export class Trials1764600001413 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      INSERT INTO operations.entitlement (organization_id, plan_id, access, next_at, next_plan_id, next_access, updated_at)
      SELECT id, 'pro', 'FULL', created_at + interval '14 days', 'free', 'READ_ONLY', now() FROM auth.organization
      ON CONFLICT DO NOTHING
    `);
  }

  async down(): Promise<void> {
    // What was begun meanwhile stays.
  }
}
