import type { MigrationInterface, QueryRunner } from 'typeorm';

const EVENTS = { insert: 'NEW', update: 'NEW', delete: 'OLD' };

const TRIGGERS = ['history_day', 'daily_metrics', 'history_campaign'].flatMap((table) =>
  Object.entries(EVENTS).map(
    ([event, rows]) => `
      CREATE TRIGGER ${table}_${event} AFTER ${event.toUpperCase()} ON integrations.${table}
        REFERENCING ${rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION integrations.renew_history_version();`,
  ),
);

/** Changes with whatever is stored of an account's days or campaigns: sums that processes remember are of one version. */
export class HistoryVersion1764600002701 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE integrations.account_history ADD COLUMN version uuid NOT NULL DEFAULT gen_random_uuid();
      CREATE FUNCTION integrations.renew_history_version() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE integrations.account_history AS history SET version = gen_random_uuid()
        FROM (SELECT DISTINCT organization_id, account_id FROM changed) AS account
        WHERE history.organization_id = account.organization_id AND history.account_id = account.account_id;
        RETURN NULL;
      END $$;
      ${TRIGGERS.join('')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION integrations.renew_history_version() CASCADE;
      ALTER TABLE integrations.account_history DROP COLUMN version;
    `);
  }
}
