import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files attached to mail, each stored once for the mails that carry it, and the link that ends a subscription. */
export class MailAttachments1764100000111 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.mail_file (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid,
        name text NOT NULL,
        content_type text NOT NULL,
        content bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      -- Compressed already, or small.
      ALTER TABLE operations.mail_file ALTER COLUMN content SET STORAGE EXTERNAL;
      CREATE INDEX mail_file_by_organization ON operations.mail_file (organization_id);
      CREATE TABLE operations.mail_attachment (
        mail_id uuid NOT NULL REFERENCES operations.mail ON DELETE CASCADE,
        position integer NOT NULL,
        file_id uuid NOT NULL REFERENCES operations.mail_file ON DELETE CASCADE,
        PRIMARY KEY (mail_id, position)
      );
      CREATE INDEX mail_attachment_by_file ON operations.mail_attachment (file_id);
      ALTER TABLE operations.mail ADD COLUMN unsubscribe_url text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE operations.mail DROP COLUMN unsubscribe_url;
      DROP TABLE operations.mail_attachment, operations.mail_file;
    `);
  }
}
