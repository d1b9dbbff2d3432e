import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attempts of backups and restore drills. */
export class Backups1764100000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.backup (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        started_at timestamptz NOT NULL,
        finished_at timestamptz,
        file text,
        -- Its locations, one per line.
        location text,
        bytes bigint,
        rows bigint,
        tables text[],
        sha256 text,
        error text
      );
      CREATE INDEX backup_newest ON operations.backup (started_at);
      CREATE TABLE operations.restore_drill (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        started_at timestamptz NOT NULL,
        finished_at timestamptz,
        file text,
        -- From the first byte read to the last row compared.
        recovery_seconds double precision,
        -- What would have been lost: the age of the backup when it was restored.
        recovery_point_seconds double precision,
        tables integer,
        rows bigint,
        invariants integer,
        error text
      );
      CREATE INDEX restore_drill_newest ON operations.restore_drill (started_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operations.restore_drill, operations.backup');
  }
}
