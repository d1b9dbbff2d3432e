import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions with an absolute end and the origins of their refreshes; sessions without an organization. */
export class Sessions1764100000801 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE auth.session
        ALTER COLUMN organization_id DROP NOT NULL,
        ADD COLUMN ends_at timestamptz NOT NULL DEFAULT now() + interval '30 days';
      ALTER TABLE auth.session ALTER COLUMN ends_at DROP DEFAULT;
      CREATE TABLE auth.session_refresh (
        session_id uuid NOT NULL REFERENCES auth.session ON DELETE CASCADE,
        address text NOT NULL,
        user_agent text NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        PRIMARY KEY (session_id, address, user_agent)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE auth.session_refresh;
      DELETE FROM auth.session WHERE organization_id IS NULL;
      ALTER TABLE auth.session ALTER COLUMN organization_id SET NOT NULL, DROP COLUMN ends_at;
    `);
  }
}
