import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts where nothing has a price: a site, a profile, a person. */
export class AccountsWithoutCurrency1764200000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE integrations.account ALTER COLUMN currency DROP NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE integrations.account ALTER COLUMN currency SET NOT NULL');
  }
}
