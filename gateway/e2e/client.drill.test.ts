import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '#gateway/client/client.js';
import * as documents from '#gateway/client/generated/operations.js';
import { memoryStore } from '#gateway/client/session.js';
import { clientBytes, packClient } from '#ops/setup/client-package.js';
import { eventually } from '#ops/testing/eventually.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { registry } from '#runtime/telemetry/registry.js';
import { readTrustedOperations } from '#schema/trusted-operations.js';
import { Client } from './client.js';
import { type OpenTransport, openTransport } from './open-transport.js';
import { openKey, openTenant, type Tenant } from './tenant.js';

const MAX_BYTES = 12_000;
const { GenerateReport, GetUser, LogIn } = documents;
const range = { start: '2026-10-01', end: '2026-10-07' };

describe('the client', () => {
  let transport: OpenTransport;
  let anyone: Client;
  let tenant: Tenant;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'webmetrics-consumer-'));
    const scope = join(folder, 'node_modules', '@webmetrics');
    mkdirSync(scope, { recursive: true });
    spawnSync('tar', ['xzf', packClient(folder), '-C', scope]);
    renameSync(join(scope, 'package'), join(scope, 'client'));
    transport = await openTransport('http');
    anyone = new Client(transport.url);
    tenant = await openTenant(anyone, 'Integrator');
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await transport.close();
  });

  const keyClient = (apiKey = tenant.apiKey) => createClient({ url: transport.url, apiKey });

  /** Does not wait in the event loop: the gateway is in this process, and would close its idle connections behind that. */
  async function runNode(args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const program = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: string[] = [];
    for (const stream of [program.stdout, program.stderr]) stream.on('data', (chunk) => output.push(String(chunk)));
    const [status] = await once(program, 'close');
    if (status !== 0) throw new Error(output.join(''));
    return output.join('');
  }

  function runProgram(name: string, source: string): Promise<string> {
    writeFileSync(join(folder, name), source);
    return runNode([name], { WEBMETRICS_URL: transport.url, WEBMETRICS_API_KEY: tenant.apiKey });
  }

  it('runs the example of its README from its package, and is required by CommonJS', async () => {
    const readme = readFileSync(join(projectRoot, 'gateway', 'client', 'README.md'), 'utf8');
    const [, example = ''] = /```js example\n([\s\S]*?)```/.exec(readme) ?? [];
    const output = await runProgram('example.mjs', example);
    expect(output).toMatch(/^.+ \d+\.\d+ [A-Z]{3}$/m);
    expect(output).toMatch(/^READY 100$/m);
    expect(output).toMatch(/^Campaigns by channel, October 1 – 31, 2026\.csv \d+ lines$/m);
    const required = await runProgram(
      'required.cjs',
      `const { createClient } = require('@webmetrics/client');
       const { GetReport } = require('@webmetrics/client/operations');
       const client = createClient({ url: process.env.WEBMETRICS_URL, apiKey: process.env.WEBMETRICS_API_KEY });
       client.request(GetReport, { id: '${tenant.reportId}' }).then(({ report }) => console.log(report.status));`,
    );
    expect(required).toBe('READY\n');
  });

  it('has types for both module systems, without `any`', async () => {
    const consumer = `import { createClient, type ErrorCode, WebMetricsError } from '@webmetrics/client';
      import { ListCampaigns } from '@webmetrics/client/operations';
      const client = createClient({ url: '' });
      export async function use(): Promise<string[]> {
        const names: string[] = [];
        const range = { start: '', end: '' };
        for await (const { name } of client.paginate(ListCampaigns, { range }, (data) => data.organization?.campaigns)) names.push(name);
        // @ts-expect-error a number is no day
        await client.request(ListCampaigns, { range: { start: 1, end: '' } }).catch(() => {});
        return names;
      }
      export const codeOf = (error: WebMetricsError): ErrorCode | undefined => (error.code === 'RATE_LIMITED' ? error.code : undefined);
    `;
    for (const name of ['consumer.mts', 'consumer.cts']) writeFileSync(join(folder, name), consumer);
    const compiler = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    const options = [
      '--noEmit',
      '--strict',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--lib',
      'es2022,dom,dom.asynciterable',
    ];
    expect(await runNode([compiler, ...options, 'consumer.mts', 'consumer.cts'])).toBe('');
    const built = join(folder, 'node_modules', '@webmetrics', 'client');
    const declarations = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.d.ts'),
    );
    expect(declarations.length).toBeGreaterThan(20);
    const codeOf = (file: string) => readFileSync(join(built, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    const untyped = declarations.filter((file) => /\bany\b/.test(codeOf(file)));
    expect(untyped).toEqual([]);
  });

  it('has every operation, with the text by which trusted documents are known', () => {
    const operations = readTrustedOperations();
    expect(Object.keys(documents).sort()).toEqual([...operations.keys()].sort());
    for (const [name, text] of Object.entries(documents)) expect(text).toBe(operations.get(name)?.text);
  });

  it.each(['esm', 'cjs'] as const)('is at most 12 kB, compressed: %s', (format) => {
    const built = join(folder, 'node_modules', '@webmetrics', 'client');
    const bytes = clientBytes(built, format, ['index']);
    expect(bytes).toBeGreaterThan(4_000);
    expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
  });

  it('exchanges a refresh token in two tabs at once, and both go on with the same tokens', async () => {
    const { data } = await tenant.client.ask('{ me { email } }');
    const credentials = { email: data.me.email, password: 'correct horse battery' };
    const first = memoryStore();
    const tab = createClient({ url: transport.url, store: first });
    await tab.signIn(LogIn, credentials);
    const tokens = { refreshToken: (await first.get())!.refreshToken, accessToken: 'expired' };
    const stores = [memoryStore(tokens), memoryStore(tokens)];
    const tabs = stores.map((store) => createClient({ url: transport.url, store }));
    const answers = await Promise.all([...tabs, ...tabs].map((each) => each.request(GetUser)));
    expect(new Set(answers.map(({ me }) => me?.id))).toEqual(new Set([tenant.userId]));
    const [one, other] = await Promise.all(stores.map((store) => store.get()));
    expect(one!.refreshToken).toBe(other!.refreshToken);
    expect(one!.refreshToken).not.toBe(tokens.refreshToken);
    await tabs[0]!.signOut();
    expect(await stores[0]!.get()).toBeUndefined();
    for (const each of [tab, ...tabs]) each.close();
  });

  it('follows a report until it is ready, and nobody else’s', async () => {
    const client = keyClient();
    const options = { idempotencyKey: crypto.randomUUID() };
    const input = { templateId: 'account-summary', range };
    const { generateReport } = await client.request(GenerateReport, input, options);
    const again = await client.request(GenerateReport, input, options);
    expect(again.generateReport.report.id).toBe(generateReport.report.id);
    const states = [];
    for await (const state of client.reportEvents(generateReport.report.id)) states.push(state);
    expect(states.at(-1)).toMatchObject({ id: generateReport.report.id, status: 'READY', progress: 100 });
    const { client: stranger } = await anyone.signUp('Stranger');
    const refused = createClient({
      url: transport.url,
      store: memoryStore({ accessToken: stranger.headers.authorization!.slice(7), refreshToken: 'none' }),
    });
    await expect(refused.reportEvents(generateReport.report.id).next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const { client: withoutScope } = await openKey(transport, anyone, tenant, ['read:reports']);
    await expect(
      keyClient(withoutScope.headers.authorization!.slice(7)).connectionEvents().next(),
    ).rejects.toMatchObject({ code: 'FORBIDDEN', requiredScope: 'read:connections', status: 403 });
    refused.close();
  });

  it('learns that a connection was made, and leaves no stream behind', async () => {
    const { client } = await openKey(transport, anyone, tenant, ['read:connections']);
    const stream = keyClient(client.headers.authorization!.slice(7)).connectionEvents();
    const { value: before } = await stream.next();
    expect((await tenant.client.connect('linkedin-ads')).status).toBe(200);
    // Others are of what jobs do with the connections that were there.
    let { value: after } = await stream.next();
    while (after!.total === before!.total) ({ value: after } = await stream.next());
    expect(after!.total).toBe(before!.total + 1);
    await stream.return();
    await eventually('no stream is open', async () => {
      const { values } = (await registry.getSingleMetric('webmetrics_event_streams')!.get()) as {
        values: { value: number }[];
      };
      return values[0]?.value === 0;
    });
  });
});
