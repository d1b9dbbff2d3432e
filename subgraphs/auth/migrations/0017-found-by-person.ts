import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a person can be found by, for the export of their data. */
export class FoundByPerson1764600001701 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX invitation_email ON auth.invitation (lower(email));
      CREATE INDEX api_key_author ON auth.api_key (created_by);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX auth.invitation_email, auth.api_key_author;
    `);
  }
}
