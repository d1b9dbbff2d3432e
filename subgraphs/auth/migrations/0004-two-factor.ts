import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Second factors. */
export class TwoFactor1764100000401 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE auth.two_factor (
        -- The person's.
        id uuid PRIMARY KEY REFERENCES auth.person ON DELETE CASCADE,
        secret text NOT NULL,
        confirmed_at timestamptz,
        -- The time step of the last code that was taken: none is taken twice.
        last_step bigint NOT NULL DEFAULT 0,
        failures integer NOT NULL DEFAULT 0,
        failing_since timestamptz
      );
      CREATE TABLE auth.recovery_code (
        person_id uuid NOT NULL REFERENCES auth.two_factor ON DELETE CASCADE,
        hash text NOT NULL,
        used_at timestamptz,
        PRIMARY KEY (person_id, hash)
      );
      ALTER TABLE auth.organization ADD COLUMN requires_two_factor boolean NOT NULL DEFAULT false;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE auth.organization DROP COLUMN requires_two_factor;
      DROP TABLE auth.recovery_code, auth.two_factor;
    `);
  }
}
