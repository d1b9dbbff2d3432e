import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Faults of connections and accounts, their last sync, and due notices. */
export class ConnectionHealth1764300000301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.connection
        ADD COLUMN granted_by_user_id uuid,
        ADD COLUMN last_sync_at timestamptz,
        ADD COLUMN fault jsonb,
        ADD COLUMN notice_due_at timestamptz;
      ALTER TABLE integrations.account ADD COLUMN fault jsonb;
      UPDATE integrations.connection SET last_sync_at = connected_at;
      CREATE INDEX connection_notice_due ON integrations.connection (notice_due_at) WHERE notice_due_at IS NOT NULL;
      CREATE INDEX connection_last_sync ON integrations.connection (last_sync_at) WHERE status = 'ACTIVE';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX integrations.connection_last_sync, integrations.connection_notice_due;
      ALTER TABLE integrations.account DROP COLUMN fault;
      ALTER TABLE integrations.connection
        DROP COLUMN notice_due_at, DROP COLUMN fault, DROP COLUMN last_sync_at, DROP COLUMN granted_by_user_id;
    `);
  }
}
