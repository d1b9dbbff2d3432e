import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What every process of an installation knows of it: one row, written by billing. */
export class Installation1764600001422 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.installation (
        id boolean PRIMARY KEY DEFAULT true CHECK (id),
        sells_plans boolean NOT NULL,
        updated_at timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operations.installation');
  }
}
