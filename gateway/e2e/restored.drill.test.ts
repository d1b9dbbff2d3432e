import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { backUp } from '#ops/backup/back-up.js';
import { lastDrill } from '#ops/backup/drill/drill-record.js';
import { backupJobs } from '#ops/backup/jobs/backup-jobs.js';
import { restore } from '#ops/backup/restore.js';
import { newDatabase } from '#ops/testing/test-services.js';
import type { Alert } from '#runtime/alert.js';
import { openOperationsDatabase } from '#runtime/database/operations-database.js';
import type { Services } from '#runtime/services.js';
import { findInvariants } from '#subgraphs/process/work-on.js';
import { Client } from './client.js';
import { type OpenTransport, openTransport } from './open-transport.js';
import { finishedReport, openTenant, type Tenant } from './tenant.js';

const keys = { JWT_SECRET: randomBytes(32).toString('hex'), TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex') };

describe('a platform that was restored from a backup', () => {
  let old: OpenTransport;
  let restored: OpenTransport;
  let tenant: Tenant;
  beforeAll(async () => {
    old = await openTransport('in-process', keys);
    tenant = await openTenant(new Client(old.url), 'Restored');
    const { config } = old.base;
    const databaseUrl = config.databaseUrl as string;
    let made: Awaited<ReturnType<typeof backUp>> | undefined;
    // The platform's own first backup may be under way.
    while (!made) made = await backUp({ databaseUrl, config }).catch(() => undefined);
    const target = await newDatabase();
    await restore({ backup: { file: made.locations[0] as string }, databaseUrl: target, config, isDryRun: false });
    restored = await openTransport('in-process', { ...keys, DATABASE_URL: target });
  }, 180_000);
  afterAll(async () => {
    await restored?.close();
    await old?.close();
  });

  it('knows its people: they log in and find what was theirs', async () => {
    const anyone = new Client(restored.url);
    const [{ email }] = await usersOf(restored, tenant.userId);
    const { data, errors } = await anyone.ask(
      'mutation ($email: String!) { logIn(email: $email, password: "correct horse battery") { accessToken } }',
      { email },
    );
    expect(errors).toBeUndefined();
    const client = anyone.as(data.logIn.accessToken);
    const organization = await client.ask(
      '{ organization { id connections { id status } clients(first: 5) { edges { node { name } } } } }',
    );
    expect(organization.errors).toBeUndefined();
    expect(organization.data.organization).toMatchObject({
      id: tenant.organizationId,
      connections: [{ status: 'ACTIVE' }, { status: 'ACTIVE' }],
      clients: { edges: [{ node: { name: 'Customer of Restored' } }] },
    });
    expect(await finishedReport(client, tenant.reportId)).toMatchObject({ status: 'READY' });
  });

  it('takes the sessions that were open, and does new work', async () => {
    const client = new Client(restored.url).as(tenant.accessToken);
    const { data, errors } = await client.ask(
      `mutation { generateReport(templateId: "account-summary", range: { start: "2026-09-01", end: "2026-09-02" }) { report { id } } }`,
    );
    expect(errors).toBeUndefined();
    const { status } = await finishedReport(client, data.generateReport.report.id);
    expect(['READY', 'FAILED']).toContain(status);
  });

  it('passes a restore drill with the invariants of every subgraph', async () => {
    const { base } = old;
    const databaseUrl = base.config.databaseUrl as string;
    const alerts: Alert[] = [];
    const operations = await openOperationsDatabase({ ...base, databaseUrl });
    const raising = { raise: (alert: Alert) => void alerts.push(alert), close: async () => {} };
    const services = { ...base, databaseUrl, operations, alerts: raising } as unknown as Services;
    const drill = backupJobs(services, findInvariants).find(({ name }) => name === 'database.restore-drill');
    await drill?.run({}, { reportProgress: async () => {} } as never);
    expect(alerts).toEqual([]);
    expect(await lastDrill(services)).toMatchObject({
      error: undefined,
      invariants: 2 + (await findInvariants()).length,
    });
  });
});

async function usersOf({ base }: OpenTransport, id: string): Promise<[{ email: string }]> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: base.config.databaseUrl });
  await client.connect();
  const { rows } = await client.query('SELECT email FROM auth.person WHERE id = $1', [id]);
  await client.end();
  return rows as [{ email: string }];
}
