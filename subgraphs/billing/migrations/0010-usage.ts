import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests and cost by organization and day, and what each process has reported of them. */
export class Usage1764600001461 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE billing.usage_day (
        organization_id uuid NOT NULL,
        -- In UTC.
        date date NOT NULL,
        requests bigint NOT NULL CHECK (requests >= 0),
        cost bigint NOT NULL CHECK (cost >= 0),
        PRIMARY KEY (organization_id, date)
      );
      CREATE INDEX ON billing.usage_day (date);

      -- A gateway since its start.
      CREATE TABLE billing.usage_source (
        id uuid PRIMARY KEY,
        -- Of the last batch that was added.
        sequence bigint NOT NULL,
        recorded_at timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE billing.usage_day, billing.usage_source');
  }
}
