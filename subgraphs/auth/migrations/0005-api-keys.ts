import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API keys and their secrets. */
export class ApiKeys1764100000501 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE auth.api_key (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL REFERENCES auth.organization ON DELETE CASCADE,
        name text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('live', 'test')),
        scopes text[] NOT NULL,
        lifetime_days integer NOT NULL CHECK (lifetime_days > 0),
        created_by uuid REFERENCES auth.person ON DELETE SET NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        last_used_at timestamptz,
        expiry_warned_at timestamptz
      );
      CREATE INDEX api_key_organization ON auth.api_key (organization_id, created_at);
      CREATE INDEX api_key_expires_at ON auth.api_key (expires_at) WHERE revoked_at IS NULL;
      CREATE TABLE auth.api_key_secret (
        hash text PRIMARY KEY,
        api_key_id uuid NOT NULL REFERENCES auth.api_key ON DELETE CASCADE,
        organization_id uuid NOT NULL,
        prefix text NOT NULL,
        created_at timestamptz NOT NULL,
        replaced_at timestamptz,
        valid_until timestamptz NOT NULL
      );
      CREATE INDEX api_key_secret_key ON auth.api_key_secret (api_key_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE auth.api_key_secret, auth.api_key');
  }
}
