import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People, organizations and sessions. */
export class Accounts1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE auth.organization (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE TABLE auth.person (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name text NOT NULL,
        email text NOT NULL,
        password_hash text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX person_email ON auth.person (lower(email));
      CREATE TABLE auth.membership (
        organization_id uuid NOT NULL REFERENCES auth.organization ON DELETE CASCADE,
        person_id uuid NOT NULL REFERENCES auth.person ON DELETE CASCADE,
        role text NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'ANALYST', 'VIEWER')),
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, person_id)
      );
      CREATE INDEX membership_person ON auth.membership (person_id);
      CREATE TABLE auth.session (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        person_id uuid NOT NULL REFERENCES auth.person ON DELETE CASCADE,
        organization_id uuid NOT NULL REFERENCES auth.organization ON DELETE CASCADE,
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX session_person ON auth.session (person_id);
      CREATE INDEX session_expires_at ON auth.session (expires_at);
      CREATE TABLE auth.refresh_token (
        hash text PRIMARY KEY,
        session_id uuid NOT NULL REFERENCES auth.session ON DELETE CASCADE,
        replaced_at timestamptz
      );
      CREATE INDEX refresh_token_session ON auth.refresh_token (session_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE auth.refresh_token, auth.session, auth.membership, auth.person, auth.organization');
  }
}
