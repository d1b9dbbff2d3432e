import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Plans are part of the program: their table goes, and subscriptions name the plans there are now. */
export class PlansAsData1764600001404 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE billing.subscription DROP CONSTRAINT subscription_plan_id_fkey;
      UPDATE billing.subscription SET plan_id = 'pro' WHERE plan_id IN ('trial', 'team');
      DROP TABLE billing.plan;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Plans that were dropped cannot be brought back: restore a backup.');
  }
}
