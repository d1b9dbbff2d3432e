import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when an account is known: of accounts beyond a plan's limit, the newest are not asked. */
export class AccountAge1764600002501 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.account ADD COLUMN created_at timestamptz(3) NOT NULL DEFAULT now();
      UPDATE integrations.account SET created_at = connection.created_at FROM integrations.connection
        WHERE connection.organization_id = account.organization_id AND connection.id = account.connection_id;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE integrations.account DROP COLUMN created_at');
  }
}
