import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Commands whose result at Stripe is not known yet, and the last checkout that the audit trail has. */
export class PendingCommands1764600001481 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE billing.pending_command (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        action text NOT NULL,
        -- Who gave it, and from where.
        identity jsonb NOT NULL,
        before jsonb NOT NULL,
        after jsonb NOT NULL,
        -- By which a reading of Stripe shows that it took effect.
        wanted jsonb NOT NULL,
        begun_at timestamptz NOT NULL
      );
      CREATE INDEX ON billing.pending_command (organization_id);
      CREATE INDEX ON billing.pending_command (begun_at);
      ALTER TABLE billing.subscription ADD COLUMN checkout_id text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE billing.pending_command;
      ALTER TABLE billing.subscription DROP COLUMN checkout_id;
    `);
  }
}
