import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clients are changed, archived and restored; names are unique among those in use. */
export class ArchivedClients1764600002301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.client
        ADD COLUMN version int NOT NULL DEFAULT 1,
        ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
        ADD COLUMN archived_at timestamptz;
      UPDATE integrations.client SET updated_at = created_at;
      DROP INDEX integrations.client_name;
      CREATE UNIQUE INDEX client_name ON integrations.client (organization_id, lower(name)) WHERE archived_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX integrations.client_name;
      UPDATE integrations.client SET name = left(name, 150) || ' ' || id WHERE archived_at IS NOT NULL;
      CREATE UNIQUE INDEX client_name ON integrations.client (organization_id, lower(name));
      ALTER TABLE integrations.client DROP COLUMN version, DROP COLUMN updated_at, DROP COLUMN archived_at;
    `);
  }
}
