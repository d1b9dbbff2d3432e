import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['connection', 'account', 'client'];

/** The keys of each table, and the tables they refer to, without the organization. */
const KEYS: Record<string, { key: string[]; references?: [column: string, table: string, rule: string][] }> = {
  connection: { key: ['id'] },
  account: { key: ['id'], references: [['connection_id', 'connection', '']] },
  client: { key: ['id'] },
  account_access: {
    key: ['connection_id', 'account_id'],
    references: [
      ['connection_id', 'connection', ''],
      ['account_id', 'account', ''],
    ],
  },
  client_account: {
    key: ['client_id', 'account_id'],
    references: [
      ['client_id', 'client', 'ON DELETE CASCADE'],
      ['account_id', 'account', ''],
    ],
  },
  account_history: { key: ['account_id'], references: [['account_id', 'account', 'ON DELETE CASCADE']] },
  history_campaign: {
    key: ['account_id', 'external_id'],
    references: [['account_id', 'account_history', 'ON DELETE CASCADE']],
  },
};

const idOf = (table: string) => (TABLES.includes(table) ? 'id' : 'account_id');

async function dropKeys(runner: QueryRunner): Promise<void> {
  for (const [table, { references = [] }] of Object.entries(KEYS)) {
    for (const [column] of references) {
      await runner.query(`ALTER TABLE integrations.${table} DROP CONSTRAINT ${table}_${column}_fkey`);
    }
  }
  for (const table of Object.keys(KEYS)) {
    await runner.query(`ALTER TABLE integrations.${table} DROP CONSTRAINT ${table}_pkey`);
  }
}

async function addKeys(runner: QueryRunner, prefix: string[]): Promise<void> {
  for (const [table, { key }] of Object.entries(KEYS)) {
    await runner.query(`ALTER TABLE integrations.${table} ADD PRIMARY KEY (${[...prefix, ...key].join(', ')})`);
  }
  for (const [table, { references = [] }] of Object.entries(KEYS)) {
    for (const [column, target, rule] of references) {
      await runner.query(
        `ALTER TABLE integrations.${table} ADD CONSTRAINT ${table}_${column}_fkey
           FOREIGN KEY (${[...prefix, column].join(', ')})
           REFERENCES integrations.${target} (${[...prefix, idOf(target)].join(', ')}) ${rule}`,
      );
    }
  }
}

/** A partition for each month of rows; months without are made when they are written to. */
const PARTITIONS = (table: string) => `
  DO $$ DECLARE month date; BEGIN
    FOR month IN SELECT DISTINCT date_trunc('month', day)::date FROM integrations.${table} LOOP
      EXECUTE format('CREATE TABLE integrations.${table}_%s PARTITION OF integrations.${table}_by_month FOR VALUES FROM (%L) TO (%L)',
        to_char(month, 'YYYY_MM'), month, (month + interval '1 month')::date);
    END LOOP;
  END $$;`;

const DAYS = ['history_day', 'daily_metrics'];

async function partition(runner: QueryRunner, table: string, key: string): Promise<void> {
  await runner.query(`
    CREATE TABLE integrations.${table}_by_month (LIKE integrations.${table} INCLUDING DEFAULTS)
      PARTITION BY RANGE (day);
    ${PARTITIONS(table)}
    INSERT INTO integrations.${table}_by_month SELECT * FROM integrations.${table};
    DROP TABLE integrations.${table};
    ALTER TABLE integrations.${table}_by_month RENAME TO ${table};
    ALTER TABLE integrations.${table} ADD PRIMARY KEY (organization_id, account_id, ${key}),
      ADD CONSTRAINT ${table}_account_id_fkey FOREIGN KEY (organization_id, account_id)
        REFERENCES integrations.account_history (organization_id, account_id) ON DELETE CASCADE;
  `);
}

async function merge(runner: QueryRunner, table: string, key: string): Promise<void> {
  await runner.query(`
    CREATE TABLE integrations.${table}_whole (LIKE integrations.${table} INCLUDING DEFAULTS);
    INSERT INTO integrations.${table}_whole SELECT * FROM integrations.${table};
    DROP TABLE integrations.${table};
    ALTER TABLE integrations.${table}_whole RENAME TO ${table};
    ALTER TABLE integrations.${table} ADD PRIMARY KEY (account_id, ${key}),
      ADD CONSTRAINT ${table}_account_id_fkey FOREIGN KEY (account_id)
        REFERENCES integrations.account_history (account_id) ON DELETE CASCADE;
  `);
}

/**
 * Every key begins with the organization, so that the tables can be distributed by it, and days are partitioned by month.
 * `pending_consent`, which is found by its token alone, refers to no other table.
 */
export class KeysByOrganization1764500001201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE integrations.pending_consent DROP CONSTRAINT pending_consent_connection_id_fkey');
    for (const table of DAYS) {
      await runner.query(`ALTER TABLE integrations.${table} DROP CONSTRAINT ${table}_account_id_fkey`);
    }
    await dropKeys(runner);
    await addKeys(runner, ['organization_id']);
    await partition(runner, 'history_day', 'day');
    await partition(runner, 'daily_metrics', 'day, campaign_id');
    await runner.query(`
      DROP INDEX integrations.account_history_organization, integrations.account_connection,
        integrations.account_access_account, integrations.client_account_account;
      CREATE INDEX account_connection ON integrations.account (organization_id, connection_id);
      CREATE INDEX account_access_account ON integrations.account_access (organization_id, account_id);
      CREATE INDEX client_account_account ON integrations.client_account (organization_id, account_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of DAYS) {
      await runner.query(`ALTER TABLE integrations.${table} DROP CONSTRAINT ${table}_account_id_fkey`);
    }
    await dropKeys(runner);
    await addKeys(runner, []);
    await merge(runner, 'history_day', 'day');
    await merge(runner, 'daily_metrics', 'day, campaign_id');
    await runner.query(`
      DROP INDEX integrations.account_connection, integrations.account_access_account,
        integrations.client_account_account;
      CREATE INDEX account_history_organization ON integrations.account_history (organization_id);
      CREATE INDEX account_connection ON integrations.account (connection_id);
      CREATE INDEX account_access_account ON integrations.account_access (account_id);
      CREATE INDEX client_account_account ON integrations.client_account (account_id);
      DELETE FROM integrations.pending_consent WHERE connection_id NOT IN (SELECT id FROM integrations.connection);
      ALTER TABLE integrations.pending_consent ADD CONSTRAINT pending_consent_connection_id_fkey
        FOREIGN KEY (connection_id) REFERENCES integrations.connection ON DELETE CASCADE;
    `);
  }
}
