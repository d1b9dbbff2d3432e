import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Signed gaps of audit trails: events that were removed from between others. */
export class AuditGaps1764100000061 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.audit_gap (
        organization_id uuid NOT NULL,
        first bigint NOT NULL,
        last bigint NOT NULL,
        -- Of the event before it, and of its last event.
        previous_hash text NOT NULL,
        hash text NOT NULL,
        kid text NOT NULL,
        mac text NOT NULL,
        PRIMARY KEY (organization_id, first)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operations.audit_gap');
  }
}
