import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How reports of an organization, and of its clients, look. */
export class Branding1764700001301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reporting.branding (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        client_id uuid,
        name text,
        primary_color text,
        accent_color text,
        footer text,
        language text,
        logo_hash text,
        version integer NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        UNIQUE NULLS NOT DISTINCT (organization_id, client_id)
      );
      -- Apart, so that the branding is read without its picture.
      CREATE TABLE reporting.branding_logo (
        branding_id uuid PRIMARY KEY REFERENCES reporting.branding ON DELETE CASCADE,
        organization_id uuid NOT NULL,
        hash text NOT NULL,
        width integer NOT NULL,
        height integer NOT NULL,
        png bytea NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reporting.branding_logo, reporting.branding');
  }
}
