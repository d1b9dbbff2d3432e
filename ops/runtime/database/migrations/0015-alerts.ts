import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the processes of an installation have raised together, and the last result of what is verified from time to time. */
export class Alerts1764600001442 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.alert_state (
        key text PRIMARY KEY,
        value text NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE TABLE operations.verification (
        name text PRIMARY KEY,
        finished_at timestamptz NOT NULL,
        -- How much of what was looked at is damaged.
        problems integer NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operations.verification, operations.alert_state');
  }
}
