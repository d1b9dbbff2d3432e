import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a person can be found by, for the export of their data, and mails by the organization they are erased with. */
export class FoundByPerson1764600001432 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX audit_event_actor ON operations.audit_event (actor_id) WHERE actor_id IS NOT NULL;
      CREATE INDEX mail_recipient ON operations.mail (lower(recipient));
      CREATE INDEX mail_of_organization ON operations.mail (organization_id);
      CREATE INDEX webhook_endpoint_author ON operations.webhook_endpoint (created_by) WHERE created_by IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX operations.audit_event_actor, operations.mail_recipient, operations.mail_of_organization,
        operations.webhook_endpoint_author;
    `);
  }
}
