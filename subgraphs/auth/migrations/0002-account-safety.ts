import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Verified addresses, origins of sessions, and one-time tokens. */
export class AccountSafety1764100000201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE auth.person ADD COLUMN email_verified_at timestamptz;
      ALTER TABLE auth.session
        ADD COLUMN address text,
        ADD COLUMN user_agent text,
        ADD COLUMN last_seen_at timestamptz NOT NULL DEFAULT now();
      CREATE TABLE auth.one_time_token (
        hash text PRIMARY KEY,
        purpose text NOT NULL CHECK (purpose IN
          ('VERIFY_EMAIL', 'RESET_PASSWORD', 'CONFIRM_EMAIL_CHANGE', 'STOP_EMAIL_CHANGE')),
        person_id uuid NOT NULL REFERENCES auth.person ON DELETE CASCADE,
        email text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
      );
      CREATE INDEX one_time_token_person ON auth.one_time_token (person_id, purpose, created_at);
      CREATE INDEX one_time_token_held ON auth.one_time_token (lower(email)) WHERE purpose = 'STOP_EMAIL_CHANGE';
      CREATE INDEX one_time_token_expires_at ON auth.one_time_token (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE auth.one_time_token;
      ALTER TABLE auth.session DROP COLUMN address, DROP COLUMN user_agent, DROP COLUMN last_seen_at;
      ALTER TABLE auth.person DROP COLUMN email_verified_at;
    `);
  }
}
