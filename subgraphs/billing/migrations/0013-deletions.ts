import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Organizations that are being deleted are not charged, and trials that a card has had before are not begun. */
export class Deletions1764600001491 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE billing.subscription
        -- When the organization is erased; auth has it.
        ADD COLUMN deletion_at timestamptz,
        -- What is resumed when the deletion is cancelled: the change of the plan that was pending.
        ADD COLUMN cancelled_for_deletion jsonb,
        DROP CONSTRAINT subscription_ended_by_check,
        ADD CONSTRAINT subscription_ended_by_check
          CHECK (ended_by IN ('PAYMENT_FAILED', 'PAYMENT_DISPUTED', 'TRIAL_REFUSED'));
      CREATE INDEX ON billing.subscription (deletion_at) WHERE deletion_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE billing.subscription SET ended_by = NULL WHERE ended_by = 'TRIAL_REFUSED';
      ALTER TABLE billing.subscription
        DROP COLUMN deletion_at,
        DROP COLUMN cancelled_for_deletion,
        DROP CONSTRAINT subscription_ended_by_check,
        ADD CONSTRAINT subscription_ended_by_check CHECK (ended_by IN ('PAYMENT_FAILED', 'PAYMENT_DISPUTED'));
    `);
  }
}
