import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why an account is not usable at its provider, when it is not closed. */
export class InactiveFault1764400000601 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE integrations.account ADD inactive_fault text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE integrations.account DROP inactive_fault');
  }
}
