import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invitations, and deletions of organizations. */
export class Invitations1764100000301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE auth.invitation (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL REFERENCES auth.organization ON DELETE CASCADE,
        email text NOT NULL,
        role text NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'ANALYST', 'VIEWER')),
        invited_by uuid REFERENCES auth.person ON DELETE SET NULL,
        token_hash text NOT NULL UNIQUE,
        wrong_passwords integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        sent_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE UNIQUE INDEX invitation_address ON auth.invitation (organization_id, lower(email));
      ALTER TABLE auth.organization
        ADD COLUMN deletion_at timestamptz,
        ADD COLUMN closed_at timestamptz;
      CREATE INDEX organization_deletion ON auth.organization (deletion_at) WHERE deletion_at IS NOT NULL;
      CREATE INDEX session_organization ON auth.session (organization_id, person_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX auth.session_organization;
      ALTER TABLE auth.organization DROP COLUMN deletion_at, DROP COLUMN closed_at;
      DROP TABLE auth.invitation;
    `);
  }
}
