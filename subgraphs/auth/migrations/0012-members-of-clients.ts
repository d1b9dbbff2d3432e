import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Members and invitations with the role VIEWER that are limited to some clients of their organization; NULL = not limited. */
export class MembersOfClients1764600001201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['membership', 'invitation']) {
      await runner.query(`
        ALTER TABLE auth.${table} ADD COLUMN client_ids uuid[],
          ADD CONSTRAINT ${table}_client_ids_check CHECK (client_ids IS NULL OR role = 'VIEWER')
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['membership', 'invitation']) {
      await runner.query(`ALTER TABLE auth.${table} DROP COLUMN client_ids`);
    }
  }
}
