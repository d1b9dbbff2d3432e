import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Connections, the accounts they open, and clients. */
export class Connections1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE integrations.connection (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        provider_id text NOT NULL,
        external_user_id text NOT NULL,
        granted_by text NOT NULL,
        status text NOT NULL CHECK (status IN ('ACTIVE', 'RECONNECT_REQUIRED', 'DISCONNECTED')),
        reason text,
        scopes text[] NOT NULL,
        sealed_tokens text,
        expires_at timestamptz,
        version int NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (organization_id, provider_id, external_user_id)
      );
      CREATE INDEX connection_expires_at ON integrations.connection (provider_id, expires_at) WHERE status = 'ACTIVE';
      CREATE INDEX connection_person ON integrations.connection (provider_id, external_user_id);
      CREATE TABLE integrations.account (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        connection_id uuid NOT NULL REFERENCES integrations.connection,
        provider_id text NOT NULL,
        external_id text NOT NULL,
        name text NOT NULL,
        currency text NOT NULL,
        time_zone text NOT NULL,
        is_active boolean NOT NULL,
        access jsonb,
        UNIQUE (organization_id, provider_id, external_id)
      );
      CREATE INDEX account_connection ON integrations.account (connection_id);
      CREATE TABLE integrations.account_access (
        organization_id uuid NOT NULL,
        connection_id uuid NOT NULL REFERENCES integrations.connection,
        account_id uuid NOT NULL REFERENCES integrations.account,
        access jsonb NOT NULL,
        PRIMARY KEY (connection_id, account_id)
      );
      CREATE INDEX account_access_account ON integrations.account_access (account_id);
      CREATE TABLE integrations.client (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        name text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX client_name ON integrations.client (organization_id, lower(name));
      CREATE TABLE integrations.client_account (
        organization_id uuid NOT NULL,
        client_id uuid NOT NULL REFERENCES integrations.client ON DELETE CASCADE,
        account_id uuid NOT NULL REFERENCES integrations.account,
        PRIMARY KEY (client_id, account_id)
      );
      CREATE INDEX client_account_account ON integrations.client_account (account_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE integrations.client_account, integrations.client, integrations.account_access, integrations.account, integrations.connection',
    );
  }
}
