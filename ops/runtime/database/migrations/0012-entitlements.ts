import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each organization may use: written by billing, read by every process. */
export class Entitlements1764600001412 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.entitlement (
        organization_id uuid PRIMARY KEY,
        plan_id text NOT NULL,
        access text NOT NULL CHECK (access IN ('FULL', 'READ_ONLY')),
        -- What holds from an instant on, by the clock alone.
        next_at timestamptz,
        next_plan_id text,
        next_access text CHECK (next_access IN ('FULL', 'READ_ONLY')),
        -- The ids an owner keeps in use, by the limit.
        kept jsonb NOT NULL DEFAULT '{}',
        updated_at timestamptz NOT NULL,
        CHECK ((next_at IS NULL) = (next_plan_id IS NULL) AND (next_at IS NULL) = (next_access IS NULL))
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operations.entitlement');
  }
}
