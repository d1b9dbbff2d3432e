import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a person can be found by, for the export of their data. */
export class FoundByPerson1764600002801 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX annotation_author ON integrations.annotation (created_by) WHERE created_by IS NOT NULL;
      CREATE INDEX saved_view_owner ON integrations.saved_view (owner_id);
      CREATE INDEX alert_rule_author ON integrations.alert_rule (created_by_user_id);
      CREATE INDEX alert_rule_recipients ON integrations.alert_rule USING gin (recipient_ids);
      CREATE INDEX alert_acknowledged_by ON integrations.alert (acknowledged_by_user_id) WHERE acknowledged_by_user_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX integrations.annotation_author, integrations.saved_view_owner, integrations.alert_rule_author,
        integrations.alert_rule_recipients, integrations.alert_acknowledged_by;
    `);
  }
}
