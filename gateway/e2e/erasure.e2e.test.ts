import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { openQueue } from '#runtime/services.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, transports } from './open-transport.js';
import { historiesCopied, openTenant, type Tenant } from './tenant.js';

/** The tables that keep rows of a deleted organization: its audit trail, without personal data. */
const isKept = (table: string) => table.startsWith('operations.audit_');

describe.each(transports)('an organization that is deleted over the transport %s', (transportName) => {
  let transport: OpenTransport;
  let ours: Tenant;
  let theirs: Tenant;
  let run: () => Promise<void>;

  beforeAll(async () => {
    transport = await openTransport(transportName);
    const anyone = new Client(transport.url);
    ours = await openTenant(anyone, 'Ada');
    theirs = await openTenant(anyone, 'Bea');
    await databaseRows(transport, 'UPDATE auth.person SET email_verified_at = now()');
    const invite = 'mutation { inviteMember(email: "somebody@example.com", role: VIEWER) { invitation { id } } }';
    const key = { 'idempotency-key': 'invitation' };
    for (const { client } of [ours, theirs]) {
      expect((await client.with(key).ask(invite)).errors).toBeUndefined();
      // Rows are counted below.
      await historiesCopied(client);
    }
    const queue = await openQueue(transport.base);
    // Now, instead of by the clock.
    run = () => queue.enqueue('auth.erase-organizations', { key: randomUUID() });
  }, 180_000);
  afterAll(() => transport.close());

  /** How many rows each table has of an organization: every table with such a column. */
  async function rowsOf(organizationId: string): Promise<Record<string, number>> {
    const tables = await databaseRows(
      transport,
      `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_attribute AS a
         JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
       WHERE a.attname = 'organization_id' AND NOT a.attisdropped AND c.relkind = 'r' ORDER BY 1`,
    );
    const counts: Record<string, number> = {};
    for (const { name } of tables) {
      const counted = `SELECT count(*)::int AS n FROM ${name} WHERE organization_id = $1`;
      counts[name] = (await databaseRows(transport, counted, [organizationId]))[0].n;
    }
    return counts;
  }

  const organizationIs = async (column: string) =>
    (
      await databaseRows(transport, `SELECT ${column} AS is FROM auth.organization WHERE id = $1`, [
        ours.organizationId,
      ])
    )[0]?.is;

  it('leaves not a row behind, in any table, and nothing of the other one is touched', async () => {
    const before = await rowsOf(ours.organizationId);
    for (const table of ['auth.membership', 'auth.session', 'auth.invitation', 'integrations.connection'])
      expect({ [table]: before[table] }).not.toEqual({ [table]: 0 });
    for (const table of [
      'integrations.client_account',
      'reporting.report',
      'billing.subscription',
      'operations.idempotency_key',
    ])
      expect({ [table]: before[table] }).not.toEqual({ [table]: 0 });
    const others = await rowsOf(theirs.organizationId);
    // These tables have no column of the organization.
    const datasets = () =>
      databaseRows(
        transport,
        `SELECT (SELECT count(*)::int FROM reporting.report_dataset WHERE report_id = $1) AS datasets,
           (SELECT count(*)::int FROM reporting.report_chunk WHERE report_id = $1) AS chunks`,
        [ours.reportId],
      );
    expect(await datasets()).not.toEqual([expect.objectContaining({ chunks: 0 })]);

    const requested = await ours.client.ask(
      'mutation { deleteOrganization(password: "correct horse battery", name: "Company") { organization { deletionAt } } }',
    );
    expect(requested.errors).toBeUndefined();
    await run();
    expect(await organizationIs('closed_at')).toBeNull();
    const completionCode = (await ours.client.receive(await ours.client.consent('x'))) as string;

    await databaseRows(transport, 'UPDATE auth.organization SET deletion_at = now() WHERE id = $1', [
      ours.organizationId,
    ]);
    await run();
    await eventually('it is closed', async () => (await organizationIs('closed_at')) !== null);
    // At once where gateway and subgraph share a cache, within seconds where they do not.
    await eventually(
      'no session is left',
      async () => (await ours.client.ask('{ organization { name } }')).status === 401,
    );

    // A consent given before the closing connects nothing after it, with the session and with the password.
    expect((await ours.client.complete(completionCode)).status).toBe(401);
    const form = new URLSearchParams({ token: completionCode, password: 'correct horse battery' });
    const page = await fetch(`${transport.url}/oauth/x/complete`, { method: 'POST', body: form });
    expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('Not connected')]);
    const connected = "SELECT FROM integrations.connection WHERE organization_id = $1 AND provider_id = 'x'";
    expect(await databaseRows(transport, connected, [ours.organizationId])).toEqual([]);

    const settled = "UPDATE auth.organization SET closed_at = closed_at - interval '1 hour' WHERE id = $1";
    await databaseRows(transport, settled, [ours.organizationId]);
    await eventually('it is gone', async () => {
      await run();
      return (await organizationIs('id')) === undefined;
    });

    const left = Object.entries(await rowsOf(ours.organizationId)).filter(([table, n]) => n > 0 && !isKept(table));
    expect(left).toEqual([]);
    const jobs = await databaseRows(
      transport,
      "SELECT name FROM jobs.agenda_jobs WHERE data::text LIKE '%' || $1 || '%'",
      [ours.organizationId],
    );
    expect(jobs).toEqual([]);
    expect(await datasets()).toEqual([{ datasets: 0, chunks: 0 }]);
    expect(await databaseRows(transport, 'SELECT id FROM auth.person WHERE id = $1', [ours.userId])).toEqual([]);

    const kept = await rowsOf(theirs.organizationId);
    // A job counts usage by the clock, also meanwhile.
    const usage = 'billing.usage_day';
    expect(kept[usage]).toBeGreaterThanOrEqual(others[usage] ?? 0);
    expect({ ...kept, [usage]: others[usage] }).toEqual(others);
    const read = await theirs.client.ask(
      '{ organization { deletionAt connections { status } clients { edges { node { name } } } reports { edges { node { status } } } } }',
    );
    expect(read.errors).toBeUndefined();
    expect(read.data.organization.connections.map((each: { status: string }) => each.status)).toEqual([
      'ACTIVE',
      'ACTIVE',
    ]);
  }, 180_000);
});
