import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails about billing, each at most once, and what is looked for by the clock. */
export class Notices1764600001441 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE billing.notice (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        kind text NOT NULL,
        -- What it is about.
        subject text NOT NULL,
        due_at timestamptz NOT NULL,
        outcome text CHECK (outcome IN ('QUEUED', 'OBSOLETE')),
        created_at timestamptz NOT NULL,
        settled_at timestamptz,
        UNIQUE (organization_id, kind, subject),
        CHECK ((outcome IS NULL) = (settled_at IS NULL))
      );
      CREATE INDEX ON billing.notice (due_at) WHERE outcome IS NULL;
      CREATE INDEX ON billing.subscription (trial_ends_at);
      CREATE INDEX ON billing.subscription (period_end);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE billing.notice');
  }
}
