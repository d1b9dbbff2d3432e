import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sign-ups to be confirmed. */
export class PendingSignUps1764100000601 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE auth.pending_sign_up (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name text NOT NULL,
        email text NOT NULL,
        password_hash text,
        company_name text NOT NULL,
        network text NOT NULL,
        token_hash text UNIQUE,
        wrong_passwords integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        mailed_at timestamptz,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX pending_sign_up_email ON auth.pending_sign_up (lower(email));
      CREATE INDEX pending_sign_up_expires_at ON auth.pending_sign_up (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE auth.pending_sign_up');
  }
}
