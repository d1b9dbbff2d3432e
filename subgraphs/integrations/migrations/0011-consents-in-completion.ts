import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A consent stays, with neither hash, while its code is exchanged: what ends it then ends the completion, too. */
export class ConsentsInCompletion1764500001101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.pending_consent
        DROP CONSTRAINT pending_consent_check,
        ADD CONSTRAINT pending_consent_check CHECK (state_hash IS NULL OR completion_hash IS NULL);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM integrations.pending_consent WHERE state_hash IS NULL AND completion_hash IS NULL;
      ALTER TABLE integrations.pending_consent
        DROP CONSTRAINT pending_consent_check,
        ADD CONSTRAINT pending_consent_check CHECK ((state_hash IS NULL) <> (completion_hash IS NULL));
    `);
  }
}
