import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links that show a report without a login. */
export class ReportShares1764700001401 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Instants in milliseconds, as cursors hold them.
    await runner.query(`
      CREATE TABLE reporting.report_share (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        report_id uuid NOT NULL REFERENCES reporting.report ON DELETE CASCADE,
        token_hash text NOT NULL UNIQUE,
        password_hash text,
        formats text[] NOT NULL CHECK (formats <@ ARRAY['pdf', 'xlsx', 'csv']),
        created_by uuid,
        created_by_key uuid,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        revoked_at timestamptz(3),
        view_count integer NOT NULL DEFAULT 0 CHECK (view_count >= 0),
        last_viewed_at timestamptz(3),
        CHECK (expires_at > created_at AND expires_at <= created_at + interval '366 days'),
        CHECK ((view_count = 0) = (last_viewed_at IS NULL))
      );
      CREATE INDEX report_share_of_report ON reporting.report_share (report_id, created_at);
      CREATE INDEX report_share_newest ON reporting.report_share (organization_id, created_at, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reporting.report_share');
  }
}
