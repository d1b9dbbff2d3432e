import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '#ops/testing/eventually.js';
import { findSealedColumns } from '#ops/testing/find-sealed-columns.js';
import { newDatabase, openTestServices } from '#ops/testing/test-services.js';
import { Sealer } from '#runtime/sealing/crypto.js';
import { createWebhookEndpoint, rotateWebhookSecret } from '#runtime/webhooks/endpoint.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { subgraphs } from '#subgraphs/index.js';
import { Client } from './client.js';
import { type OpenTransport, openTransport } from './open-transport.js';
import { newFolder, type StartedProcess, startProcess } from './start-process.js';

describe('what is sealed', () => {
  let transport: OpenTransport;
  beforeAll(async () => {
    transport = await openTransport('in-process');
  });
  afterAll(() => transport.close());

  it('is declared by the subgraph that keeps it, or the rotation of keys would miss it', async () => {
    const { client } = await new Client(transport.url).signUp('Keeper');
    for (const providerId of ['google-ads', 'meta-ads']) expect((await client.connect(providerId)).status).toBe(200);
    await client.consent('google-ads');
    await client.ask('mutation { startTwoFactor(password: "correct horse battery") { uri } }');
    const databaseUrl = transport.base.config.databaseUrl as string;
    const services = await openTestServices({ environment: { DATABASE_URL: databaseUrl } });
    const webhooks = { manager: services.operations, sealer: services.sealer };
    const common = { organizationId: randomUUID(), description: '', eventTypes: null, createdBy: null };
    const { endpoint } = await createWebhookEndpoint(webhooks, {
      ...common,
      url: 'https://hooks.example/',
      createdAt: new Date(),
    });
    await rotateWebhookSecret(webhooks, endpoint, { overlapEndsAt: new Date() });
    await services.lifecycle.close();
    const declared = await Promise.all(subgraphNames.map(async (name) => (await subgraphs[name]()).sealedColumns));
    const names = declared.flat().map(({ table, column }) => `${table}.${column}`);
    expect(await findSealedColumns(databaseUrl)).toEqual(names.sort());
  });
});

describe('the command that rotates keys', () => {
  const ROWS = 6_000;
  const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
  const [oldSealer, newSealer] = [new Sealer(oldKey), new Sealer(newKey)];
  let database: pg.Client;
  let environment: Record<string, string>;

  async function start(
    args: string[],
    settings: Record<string, string> = {},
    readyWhen?: RegExp,
  ): Promise<StartedProcess> {
    return startProcess('subgraphs/rotate-keys.js', args, { environment: { ...environment, ...settings }, readyWhen });
  }
  async function rotate(args: string[], settings?: Record<string, string>) {
    const { child, output } = await start(args, settings);
    return { status: child.exitCode, output: output() };
  }
  const counts = async () =>
    (
      await database.query(
        "SELECT split_part(sealed_tokens, '.', 2) AS key, count(*)::int FROM integrations.connection GROUP BY 1 ORDER BY 2",
      )
    ).rows as { key: string; count: number }[];

  beforeAll(async () => {
    const url = await newDatabase();
    environment = {
      DATABASE_URL: url,
      DATA_DIR: newFolder(),
      JWT_SECRET: randomBytes(32).toString('hex'),
      TOKEN_ENCRYPTION_KEY: newKey.toString('hex'),
      TOKEN_ENCRYPTION_KEY_PREVIOUS: oldKey.toString('hex'),
    };
    database = new pg.Client({ connectionString: url });
    await database.connect();
    // The subgraph makes its tables, and leaves.
    const serving = await startProcess('subgraphs/serve.js', ['integrations', '--port', '0', '--no-jobs'], {
      environment,
      readyWhen: /^Subgraph /m,
    });
    await serving.stop();
    const ids = Array.from({ length: ROWS }, () => crypto.randomUUID());
    const organizationId = crypto.randomUUID();
    await database.query(
      `INSERT INTO integrations.connection
         (id, organization_id, provider_id, external_user_id, granted_by, status, scopes, sealed_tokens, version)
       SELECT id, $3, 'google-ads', id::text, 'Somebody', 'ACTIVE', '{}', sealed, 1 FROM unnest($1::uuid[], $2::text[]) AS row (id, sealed)`,
      [ids, ids.map((id) => oldSealer.seal(`token of ${id}`, `integrations:${organizationId}:${id}`)), organizationId],
    );
  });
  afterAll(() => database.end());

  it('fails without the key that sealed, and reports the missing key and the number of rows', async () => {
    const { status, output } = await rotate([], { TOKEN_ENCRYPTION_KEY_PREVIOUS: '' });
    expect(status).toBe(1);
    expect(output).toContain(
      `${ROWS} values of integrations.connection.sealed_tokens are sealed with the key ${oldSealer.currentKeyId}, which is not configured`,
    );
    expect(output).not.toMatch(/^\s+at /m);
  });

  it('shows in a dry run what there is to do, and leaves it', async () => {
    const { status, output } = await rotate(['--dry-run', '--json']);
    expect([status, JSON.parse(output.trim())]).toEqual([
      0,
      {
        plan: {
          'operations.webhook_endpoint.sealed_secret': 0,
          'operations.webhook_endpoint.sealed_previous_secret': 0,
          'integrations.connection.sealed_tokens': ROWS,
          'integrations.pending_consent.sealed': 0,
        },
      },
    ]);
    expect(await counts()).toEqual([{ key: oldSealer.currentKeyId, count: ROWS }]);
  });

  it('continues after a kill in the middle, and verifies', async () => {
    // Its last rows wait for this lock, however late the kill comes.
    const holder = new pg.Client({ connectionString: environment.DATABASE_URL });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM integrations.connection ORDER BY id DESC LIMIT 1 FOR UPDATE');
    const killed = await start([], {}, /sealed_tokens: \d+ of 6000/);
    await killed.stop('SIGKILL');
    // The server still completes the statements it had received, but for the one that waits.
    await eventually('the killed one is gone', async () => {
      const left = await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'webmetrics operations' AND datname = current_database()`,
      );
      return left.rowCount === 0;
    });
    await holder.end();
    const halfway = await counts();
    expect(halfway.map(({ key }) => key).sort()).toEqual([oldSealer.currentKeyId, newSealer.currentKeyId].sort());
    const early = await rotate(['--verify', '--json']);
    expect([early.status, JSON.parse(early.output.trim()).isComplete]).toEqual([1, false]);

    const resumed = await rotate([]);
    expect(resumed.status).toBe(0);
    expect(resumed.output).toContain('TOKEN_ENCRYPTION_KEY_PREVIOUS may be removed');
    const left = halfway.find(({ key }) => key === oldSealer.currentKeyId)?.count;
    expect(resumed.output).toContain(`${left} sealed anew`);
    expect(resumed.output).toContain('"level":"audit"');
    expect(await counts()).toEqual([{ key: newSealer.currentKeyId, count: ROWS }]);
  });

  it('finds that everything opens without the old key', async () => {
    const { status, output } = await rotate(['--verify'], { TOKEN_ENCRYPTION_KEY_PREVIOUS: '' });
    expect([status, output]).toEqual([0, expect.stringContaining(`${ROWS} with key ${newSealer.currentKeyId}`)]);
    const { rows } = await database.query('SELECT id, organization_id, sealed_tokens FROM integrations.connection');
    for (const { id, organization_id, sealed_tokens } of rows) {
      expect(newSealer.open(sealed_tokens, `integrations:${organization_id}:${id}`)).toBe(`token of ${id}`);
    }
  });
});
