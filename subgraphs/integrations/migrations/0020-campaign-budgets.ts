import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The budgets of campaigns, as their providers have them. */
export class CampaignBudgets1764600002001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE integrations.history_campaign ADD COLUMN budget jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE integrations.history_campaign DROP COLUMN budget');
  }
}
