import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Wrong codes in a row, and challenges that were used. */
export class SecondFactor1764100000901 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE auth.two_factor ADD COLUMN failures_in_row integer NOT NULL DEFAULT 0;
      CREATE TABLE auth.used_challenge (
        id uuid PRIMARY KEY,
        person_id uuid NOT NULL REFERENCES auth.person ON DELETE CASCADE,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX used_challenge_person ON auth.used_challenge (person_id);
      CREATE INDEX used_challenge_expires_at ON auth.used_challenge (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE auth.used_challenge; ALTER TABLE auth.two_factor DROP COLUMN failures_in_row');
  }
}
