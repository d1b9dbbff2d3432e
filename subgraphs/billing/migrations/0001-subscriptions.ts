import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Plans and subscriptions. */
export class Subscriptions1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE billing.plan (
        id text PRIMARY KEY,
        position integer NOT NULL UNIQUE,
        name text NOT NULL,
        description text NOT NULL,
        monthly_price_micros bigint NOT NULL CHECK (monthly_price_micros >= 0),
        currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        max_connections integer CHECK (max_connections > 0),
        max_members integer CHECK (max_members > 0)
      );
      INSERT INTO billing.plan
        (id, position, name, description, monthly_price_micros, currency, max_connections, max_members)
      VALUES
        ('trial', 1, 'Trial', 'Everything a small team needs, free for 14 days.', 0, 'EUR', 5, 5),
        ('starter', 2, 'Starter', 'For one marketer with a few accounts.', 29000000, 'EUR', 5, 3),
        ('team', 3, 'Team', 'For a marketing team with many channels.', 99000000, 'EUR', 25, 15),
        ('agency', 4, 'Agency', 'For agencies that report to many clients.', 299000000, 'EUR', NULL, NULL);
      CREATE TABLE billing.subscription (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL UNIQUE,
        plan_id text NOT NULL REFERENCES billing.plan,
        trial_ends_at timestamptz NOT NULL,
        purchase_status text CHECK (purchase_status IN ('ACTIVE', 'PAST_DUE', 'CANCELED')),
        created_at timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE billing.subscription, billing.plan');
  }
}
