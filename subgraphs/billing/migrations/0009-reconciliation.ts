import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Comparisons of what is stored with what Stripe says, and what differed. */
export class Reconciliation1764600001451 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE billing.reconciliation (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        started_at timestamptz NOT NULL,
        finished_at timestamptz,
        -- Where it continues after an interruption: behind the last one that was compared.
        step text NOT NULL DEFAULT 'ORGANIZATIONS' CHECK (step IN ('ORGANIZATIONS', 'CUSTOMERS', 'SUBSCRIPTIONS')),
        after_id text,
        organization_count integer NOT NULL DEFAULT 0,
        failed_count integer NOT NULL DEFAULT 0,
        -- Customers and subscriptions that Stripe listed.
        listed_count integer NOT NULL DEFAULT 0,
        -- Why it waits.
        problem text
      );
      -- One at a time is unfinished.
      CREATE UNIQUE INDEX ON billing.reconciliation ((finished_at IS NULL)) WHERE finished_at IS NULL;
      CREATE INDEX ON billing.reconciliation (started_at);

      CREATE TABLE billing.reconciliation_difference (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        reconciliation_id uuid NOT NULL REFERENCES billing.reconciliation ON DELETE CASCADE,
        -- NULL = Stripe has what no organization has.
        organization_id uuid,
        customer_id text NOT NULL,
        kind text NOT NULL,
        row_id text NOT NULL,
        field text NOT NULL,
        ours jsonb,
        theirs jsonb,
        is_money boolean NOT NULL,
        -- Events about the customer were waiting: it would have been repaired without the reconciliation.
        is_awaited boolean NOT NULL,
        found_at timestamptz NOT NULL
      );
      CREATE INDEX ON billing.reconciliation_difference (reconciliation_id, id);
      CREATE INDEX ON billing.reconciliation_difference (organization_id);

      -- Of failed payments, for the status; and for customers that are compared.
      CREATE INDEX ON billing.payment (created_at) WHERE status = 'failed';
      CREATE INDEX ON billing.invoice (customer_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE billing.reconciliation_difference, billing.reconciliation;
      DROP INDEX billing.payment_created_at_idx, billing.invoice_customer_id_idx;
    `);
  }
}
