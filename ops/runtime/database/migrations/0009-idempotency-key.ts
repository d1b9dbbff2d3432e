import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The mutations that were sent with an Idempotency-Key, and their answers. */
export class IdempotencyKey1764100000091 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.idempotency_key (
        -- Of the attempt: another one that takes the key over has another.
        id uuid PRIMARY KEY,
        -- null: the caller belonged to no organization.
        organization_id uuid,
        -- The user or API key, and its organization.
        caller text NOT NULL,
        key text NOT NULL,
        -- The hash of the request, and its answer: both sealed, as passwords are hashed in the one and tokens are in the other.
        request text NOT NULL,
        answer text,
        -- Until when a process that was killed is waited for.
        leased_until timestamptz NOT NULL,
        -- Set in the transaction of the effect.
        effect_at timestamptz,
        created_at timestamptz NOT NULL,
        UNIQUE (caller, key)
      );
      CREATE INDEX idempotency_key_age ON operations.idempotency_key (created_at);
      CREATE INDEX idempotency_key_organization ON operations.idempotency_key (organization_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operations.idempotency_key');
  }
}
