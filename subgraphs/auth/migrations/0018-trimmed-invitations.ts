import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a daily job removes, among the invitations of all organizations. */
export class TrimmedInvitations1764600001801 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX invitation_expires_at ON auth.invitation (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX auth.invitation_expires_at');
  }
}
