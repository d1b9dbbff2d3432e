import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit trail: a hash chain of events per organization. */
export class Audit1764100000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.audit_event (
        organization_id uuid NOT NULL,
        sequence bigint NOT NULL,
        id uuid NOT NULL,
        occurred_at timestamptz NOT NULL,
        action text NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('SUCCESS', 'REFUSED')),
        actor_kind text NOT NULL,
        actor_id text,
        request_id text NOT NULL,
        target_type text,
        target_id text,
        -- Personal data, which may have to be erased. The chain has its salted digest: without the salt, that reveals nothing.
        address text,
        user_agent text,
        before jsonb,
        after jsonb,
        salt text,
        personal_digest text NOT NULL,
        previous_hash text NOT NULL,
        hash text NOT NULL,
        PRIMARY KEY (organization_id, sequence)
      );
      CREATE INDEX audit_event_age ON operations.audit_event (organization_id, occurred_at);
      -- The last event of each chain. Its row is what events of one organization wait for, one after the other.
      CREATE TABLE operations.audit_chain (
        organization_id uuid PRIMARY KEY,
        sequence bigint NOT NULL DEFAULT 1,
        hash text
      ) WITH (fillfactor = 50);
      -- Up to where trails were found sound, signed. They are kept outside of the database, too.
      CREATE TABLE operations.audit_checkpoint (
        organization_id uuid NOT NULL,
        sequence bigint NOT NULL,
        kind text NOT NULL CHECK (kind IN ('head', 'cut', 'restored')),
        hash text NOT NULL,
        signed_at timestamptz NOT NULL,
        kid text NOT NULL,
        mac text NOT NULL,
        PRIMARY KEY (organization_id, sequence, kind, kid, signed_at)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operations.audit_checkpoint, operations.audit_chain, operations.audit_event');
  }
}
