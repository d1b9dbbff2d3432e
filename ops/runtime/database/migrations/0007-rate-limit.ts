import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts of rate limits that a cache must not evict, in the form of rate-limiter-flexible. */
export class RateLimit1764100000071 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.rate_limit (
        -- The limit, and the SHA-256 of what is counted.
        key varchar(255) PRIMARY KEY,
        points integer NOT NULL DEFAULT 0,
        -- In milliseconds since 1970.
        expire bigint
      );
      CREATE INDEX rate_limit_expire ON operations.rate_limit (expire);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operations.rate_limit');
  }
}
