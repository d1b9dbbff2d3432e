import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The completed effects of jobs. */
export class JobCompletion1764100000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.job_completion (
        name text NOT NULL,
        key text NOT NULL,
        completed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (name, key)
      );
      CREATE INDEX job_completion_completed_at ON operations.job_completion (completed_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operations.job_completion');
  }
}
