import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many accounts an organization had in use on each day. */
export class AccountDays1764600002601 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE integrations.account_day (
        organization_id uuid NOT NULL,
        -- In UTC.
        date date NOT NULL,
        -- The most at once.
        accounts integer NOT NULL CHECK (accounts > 0),
        PRIMARY KEY (organization_id, date)
      );
      CREATE INDEX ON integrations.account_day (date);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE integrations.account_day');
  }
}
