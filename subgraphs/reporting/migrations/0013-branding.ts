import type { MigrationInterface, QueryRunner } from 'typeorm';

const UNIQUE_PLACE = 'ALTER TABLE reporting.branding ADD UNIQUE NULLS NOT DISTINCT (organization_id, client_id)';
/** PostgreSQL 14 tells nulls apart. */
const UNIQUE_PLACE_OF_14 = `CREATE UNIQUE INDEX branding_place ON reporting.branding
  (organization_id, coalesce(client_id, '00000000-0000-0000-0000-000000000000'))`;

/** How reports of an organization, and of its clients, look. */
export class Branding1764700001301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ isFrom15 }] = await runner.query(
      `SELECT current_setting('server_version_num')::int >= 150000 AS "isFrom15"`,
    );
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
        updated_at timestamptz(3) NOT NULL
      );
      ${isFrom15 ? UNIQUE_PLACE : UNIQUE_PLACE_OF_14};
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
