import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What billing looks for every ten minutes, among the entitlements of all organizations. */
export class DueEntitlements1764600001462 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX entitlement_next_at ON operations.entitlement (next_at) WHERE next_at IS NOT NULL;
      CREATE INDEX entitlement_updated_at ON operations.entitlement (updated_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX operations.entitlement_next_at, operations.entitlement_updated_at');
  }
}
