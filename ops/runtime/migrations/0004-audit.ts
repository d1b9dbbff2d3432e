import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was done in each organization, by whom and from where. */
export class Audit1764100000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.audit_event (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        action text NOT NULL,
        actor_kind text NOT NULL,
        actor_id text,
        address text,
        user_agent text,
        request_id text NOT NULL,
        target_type text,
        target_id text,
        before jsonb,
        after jsonb
      );
      CREATE INDEX audit_event_newest ON operations.audit_event (organization_id, occurred_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operations.audit_event');
  }
}
