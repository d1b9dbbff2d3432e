import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The type of campaigns beside their objective, which was the type at Google Ads. */
export class CampaignTypes1764500001301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.history_campaign ADD COLUMN type text;
      UPDATE integrations.history_campaign AS known SET type = known.objective, objective = NULL
      FROM integrations.account
      WHERE account.organization_id = known.organization_id AND account.id = known.account_id
        AND account.provider_id = 'google-ads';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE integrations.history_campaign AS known SET objective = known.type
      FROM integrations.account
      WHERE account.organization_id = known.organization_id AND account.id = known.account_id
        AND account.provider_id = 'google-ads';
      ALTER TABLE integrations.history_campaign DROP COLUMN type;
    `);
  }
}
