import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What limits mail that its recipients did not ask for, and who declined it. */
export class UnsolicitedMail1764100000051 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE operations.mail
        ADD COLUMN mailbox text,
        ADD COLUMN caused_by uuid,
        ADD COLUMN decline_hash text UNIQUE;
      CREATE INDEX mail_by_mailbox ON operations.mail (mailbox, kind, created_at) WHERE mailbox IS NOT NULL;
      CREATE INDEX mail_by_organization ON operations.mail (organization_id, kind, created_at) WHERE mailbox IS NOT NULL;
      CREATE INDEX mail_by_cause ON operations.mail (caused_by, kind, created_at) WHERE mailbox IS NOT NULL;
      CREATE TABLE operations.mail_decline (
        mailbox text NOT NULL,
        kind text NOT NULL,
        declined_at timestamptz NOT NULL,
        PRIMARY KEY (mailbox, kind)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE operations.mail_decline;
      ALTER TABLE operations.mail DROP COLUMN mailbox, DROP COLUMN caused_by, DROP COLUMN decline_hash;
    `);
  }
}
