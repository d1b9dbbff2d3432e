import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The trial includes a connection to every provider there is. */
export class TrialConnections1764300000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE billing.plan SET max_connections = 10 WHERE id = 'trial'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE billing.plan SET max_connections = 5 WHERE id = 'trial'`);
  }
}
