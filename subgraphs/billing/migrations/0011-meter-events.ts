import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reports beyond what a plan includes, each an event of Stripe's meter. */
export class MeterEvents1764600001471 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE billing.subscription ADD COLUMN metered_item_id text;

      CREATE TABLE billing.meter_event (
        report_id uuid PRIMARY KEY,
        organization_id uuid NOT NULL,
        customer_id text NOT NULL,
        ordered_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        -- UNCERTAIN = it may have been sent, and Stripe no longer recognizes it: it is not sent again.
        state text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'SENT', 'REFUSED', 'UNCERTAIN')),
        -- The timestamp that Stripe has: of the period it is charged in.
        charged_at timestamptz,
        sent_at timestamptz,
        claimed_at timestamptz,
        retry_at timestamptz,
        -- Since when an attempt was made of which it is not known whether Stripe took it.
        uncertain_since timestamptz,
        refusals integer NOT NULL DEFAULT 0,
        problem text
      );
      CREATE INDEX meter_event_waiting ON billing.meter_event (ordered_at) WHERE state = 'WAITING';
      CREATE INDEX meter_event_of_organization ON billing.meter_event (organization_id, ordered_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE billing.meter_event;
      ALTER TABLE billing.subscription DROP COLUMN metered_item_id;
    `);
  }
}
