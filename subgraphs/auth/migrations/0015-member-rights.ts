import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members may do besides their role. */
export class MemberRights1764600001515 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE auth.membership ADD COLUMN rights text[] NOT NULL DEFAULT '{}' CHECK (rights <@ ARRAY['BILLING'])
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE auth.membership DROP COLUMN rights');
  }
}
