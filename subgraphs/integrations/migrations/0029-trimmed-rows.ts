import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What daily jobs remove or shorten, among the rows of all organizations. */
export class TrimmedRows1764600002901 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX alert_resolved_at ON integrations.alert (resolved_at) WHERE resolved_at IS NOT NULL;
      CREATE INDEX account_history_wanted_from ON integrations.account_history (wanted_from);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX integrations.alert_resolved_at, integrations.account_history_wanted_from');
  }
}
