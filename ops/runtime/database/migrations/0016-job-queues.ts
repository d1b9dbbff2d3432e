import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the job queue of an installation is and was: what is left in one of before is found by it. */
export class JobQueues1764600001452 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.job_queue (
        address text PRIMARY KEY,
        last_started_at timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operations.job_queue');
  }
}
