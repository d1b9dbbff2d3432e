import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What one euro is worth by day and source, the same for all organizations, and how the source answers. */
export class ReferenceRates1764500001501 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE integrations.reference_rate (
        source text NOT NULL,
        currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        day date NOT NULL,
        rate numeric NOT NULL CHECK (rate > 0),
        PRIMARY KEY (source, currency, day)
      );
      CREATE TABLE integrations.reference_rate_source (
        source text PRIMARY KEY,
        checked_at timestamptz,
        failing_since timestamptz,
        problem text
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE integrations.reference_rate, integrations.reference_rate_source');
  }
}
