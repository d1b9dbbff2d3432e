import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Consents between the order and its completion. */
export class PendingConsents1764400000501 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE integrations.pending_consent (
        id uuid PRIMARY KEY,
        organization_id uuid NOT NULL,
        user_id uuid NOT NULL,
        provider_id text NOT NULL,
        connection_id uuid REFERENCES integrations.connection ON DELETE CASCADE,
        redirect_uri text NOT NULL,
        return_to text,
        sealed text NOT NULL,
        state_hash text UNIQUE,
        completion_hash text UNIQUE,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        -- It waits for the provider's redirect, then for its user.
        CHECK ((state_hash IS NULL) <> (completion_hash IS NULL))
      );
      CREATE INDEX pending_consent_user ON integrations.pending_consent (organization_id, user_id, created_at);
      CREATE INDEX pending_consent_expires_at ON integrations.pending_consent (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE integrations.pending_consent');
  }
}
