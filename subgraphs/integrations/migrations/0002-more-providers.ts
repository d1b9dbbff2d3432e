import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts where nothing has a price, and when a connection was last consented to. */
export class MoreProviders1764200000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.account ALTER COLUMN currency DROP NOT NULL;
      ALTER TABLE integrations.connection ADD COLUMN connected_at timestamptz NOT NULL DEFAULT now();
      UPDATE integrations.connection SET connected_at = created_at;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.connection DROP COLUMN connected_at;
      ALTER TABLE integrations.account ALTER COLUMN currency SET NOT NULL;
    `);
  }
}
