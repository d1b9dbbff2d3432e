import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notes on days, and saved views: questions by name. */
export class AnnotationsAndViews1764600002401 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE integrations.annotation (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        starts_on date NOT NULL,
        ends_on date NOT NULL CHECK (ends_on >= starts_on),
        text text NOT NULL CHECK (length(text) BETWEEN 1 AND 500),
        client_id uuid,
        account_id uuid,
        created_by uuid,
        created_by_key uuid,
        version int NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, id),
        CHECK (client_id IS NULL OR account_id IS NULL),
        FOREIGN KEY (organization_id, client_id) REFERENCES integrations.client (organization_id, id) ON DELETE CASCADE,
        FOREIGN KEY (organization_id, account_id) REFERENCES integrations.account (organization_id, id) ON DELETE CASCADE
      );
      CREATE INDEX annotation_days ON integrations.annotation (organization_id, starts_on DESC, id);
      CREATE INDEX annotation_client ON integrations.annotation (organization_id, client_id) WHERE client_id IS NOT NULL;
      CREATE INDEX annotation_account ON integrations.annotation (organization_id, account_id) WHERE account_id IS NOT NULL;
      CREATE TABLE integrations.saved_view (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        name text NOT NULL,
        kind text NOT NULL,
        question jsonb NOT NULL,
        owner_id uuid,
        is_shared boolean NOT NULL CHECK (is_shared OR owner_id IS NOT NULL),
        version int NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, id)
      );
      CREATE INDEX saved_view_name ON integrations.saved_view (organization_id, lower(name), id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE integrations.saved_view, integrations.annotation');
  }
}
