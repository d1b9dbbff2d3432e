import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A person has one trial, with the first organization they create. */
export class TrialsOfPeople1764600001516 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE auth.person ADD COLUMN trial_began_at timestamptz;
      UPDATE auth.person AS p SET trial_began_at = owned.first_at
      FROM (
        SELECT m.person_id, min(o.created_at) AS first_at FROM auth.membership AS m
        JOIN auth.organization AS o ON o.id = m.organization_id WHERE m.role = 'OWNER' GROUP BY m.person_id
      ) AS owned
      WHERE owned.person_id = p.id
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE auth.person DROP COLUMN trial_began_at');
  }
}
