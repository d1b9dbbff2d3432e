import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { newDatabase } from '#ops/testing/test-services.js';
import { readEnvFile } from '#runtime/config/env-file.js';
import { freePort, newFolder, type StartedProcess, startProcess } from './start-process.js';

// What an operator types, in the order it is typed: setup, doctor, start, doctor again; and what doctor says when things
// are broken.

const setup = (cwd: string, ...flags: string[]) => startProcess('ops/setup/setup.js', ['--yes', ...flags], { cwd });
const doctor = (cwd: string, flags: string[] = [], environment: Record<string, string> = {}) =>
  startProcess('subgraphs/doctor.js', flags, { cwd, environment });

interface Report {
  healthy: boolean;
  counts: Record<string, number>;
  checks: { name: string; findings: { level: string; message: string; advice?: string }[] }[];
}

function problemsIn(started: StartedProcess): string[] {
  // A package may print warnings before it.
  const { checks } = JSON.parse(started.output().replace(/^[^{]*\n(?=\{)/, '')) as Report;
  return checks.flatMap(({ name, findings }) =>
    findings.filter(({ level }) => level === 'problem').map(({ message }) => `${name}: ${message}`),
  );
}

function secretsIn(folder: string): string[] {
  const secrets = Object.entries(readEnvFile(join(folder, '.env'))).filter(([name]) =>
    /(?:SECRET|TOKEN|KEY)$/.test(name),
  );
  expect(secrets.length).toBeGreaterThan(6);
  return secrets.map(([, value]) => value);
}

describe('an installation for production', () => {
  const folder = newFolder();
  const servers: { close(): unknown }[] = [];
  let database: string;
  let port: number;

  beforeAll(async () => {
    database = await newDatabase();
    port = await freePort();
    const store = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(request.method === 'DELETE' ? 204 : 200).end());
    }).listen(0, '127.0.0.1');
    await once(store, 'listening');
    const mail = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'] });
    mail.listen(0, '127.0.0.1');
    await once(mail.server, 'listening');
    servers.push({ close: () => store.close(() => {}) }, { close: () => mail.close(() => {}) });
    const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
    const made = await setup(
      folder,
      ...['--production', '--domain', 'metrics.acme.io', '--port', String(port), '--database-url', database],
      ...['--smtp-url', `smtp://127.0.0.1:${portOf(mail.server)}`, '--mail-from', 'WebMetrics <no-reply@acme.io>'],
      ...['--backup-s3-bucket', 'kept', '--backup-s3-endpoint', `http://127.0.0.1:${portOf(store)}`],
      ...['--backup-s3-access-key-id', 'id', '--backup-s3-secret-access-key', 'secret-of-the-store'],
      ...['--google-client-id', 'id', '--google-client-secret', 'secret-of-google'],
      ...['--google-oauth-auth-base', `http://127.0.0.1:${portOf(store)}`],
      ...['--google-oauth-token-base', `http://127.0.0.1:${portOf(store)}`],
    );
    expect([made.child.exitCode, made.output()]).toEqual([0, expect.stringContaining('Written:')]);
    for (const secret of secretsIn(folder)) expect(made.output()).not.toContain(secret);
  });
  afterAll(() => {
    for (const server of servers) server.close();
  });

  it('has its settings in a file for its owner only', () => {
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
  });

  it('is ready to go live before its first start', async () => {
    const looked = await doctor(folder, ['--production', '--json']);
    expect(problemsIn(looked)).toEqual([]);
    expect(looked.child.exitCode).toBe(0);
    expect(looked.output()).toContain('The database is empty');
    for (const secret of secretsIn(folder)) expect(looked.output()).not.toContain(secret);
  });

  it('starts, and is well while it runs', async () => {
    // The line of the log with which a start ends: in production there is no other.
    const environment = { LOG_LEVEL: 'info' };
    const started = await startProcess('gateway/main.js', [], { cwd: folder, environment, readyWhen: /"seconds":/ });
    try {
      const health = await fetch(`http://127.0.0.1:${port}/health`);
      expect(await health.json()).toMatchObject({ status: 'ok', environment: 'production' });
      const looked = await doctor(folder, ['--production']);
      expect([looked.child.exitCode, looked.output()]).toEqual([0, expect.stringContaining('Ready to go live.')]);
      expect(looked.output()).toContain('has a running gateway');
      expect(looked.output()).toContain('auth: up to date');
      for (const secret of secretsIn(folder)) expect(looked.output()).not.toContain(secret);
      expect(looked.output()).not.toContain(new URL(database).password);
    } finally {
      expect(await started.stop()).toBe(0);
    }
  });

  it('is not changed by a second setup without --force, and keeps its secrets with it', async () => {
    const before = readEnvFile(join(folder, '.env'));
    const refused = await setup(folder, '--redis-url', 'redis://127.0.0.1:1');
    expect([refused.child.exitCode, refused.output()]).toEqual([1, expect.stringContaining('add --force')]);
    expect(readEnvFile(join(folder, '.env'))).toEqual(before);
    const changed = await setup(folder, '--redis-url', 'redis://127.0.0.1:1', '--force');
    expect(changed.child.exitCode).toBe(0);
    expect(readEnvFile(join(folder, '.env'))).toEqual({ ...before, REDIS_URL: 'redis://127.0.0.1:1' });
    const backup = /kept as (\S+\.backup)/.exec(changed.output())?.[1] ?? '';
    expect(readEnvFile(backup)).toEqual(before);
    expect(statSync(backup).mode & 0o777).toBe(0o600);
  });

  it('has each service that is stopped named', async () => {
    const dead = await freePort();
    const looked = await doctor(folder, ['--json'], {
      DATABASE_URL: `postgres://u:hunter2@127.0.0.1:${dead}/db`,
      REDIS_URL: `redis://:hunter2@127.0.0.1:${dead}`,
      MONGODB_URL: `mongodb://u:hunter2@127.0.0.1:${dead}/db`,
      SMTP_URL: `smtp://u:hunter2@127.0.0.1:${dead}`,
      BACKUP_S3_ENDPOINT: `http://127.0.0.1:${dead}`,
      SUBGRAPH_BILLING_URL: `http://127.0.0.1:${dead}/graphql`,
    });
    expect(looked.child.exitCode).toBe(1);
    const areas = new Set(problemsIn(looked).map((line) => line.split(':')[0]));
    expect([...areas].sort()).toEqual(['Backups', 'Mail', 'Migrations', 'MongoDB', 'PostgreSQL', 'Redis', 'Subgraphs']);
    expect(looked.output()).not.toContain('hunter2');
  });
});

describe('settings that are wrong', () => {
  it('are named all at once by doctor, with what was meant', async () => {
    const looked = await doctor(newFolder(), ['--json'], {
      PORT: 'http',
      DATABSE_URL: 'postgres://db/webmetrics',
      SUBGRAPH_BILING_URL: 'http://localhost:4004/graphql',
      META_CLIENT_ID: 'id',
      META_VERSION: '26',
    });
    expect(looked.child.exitCode).toBe(1);
    expect(problemsIn(looked)).toEqual([
      expect.stringContaining('SUBGRAPH_BILING_URL names no subgraph: did you mean SUBGRAPH_BILLING_URL?'),
      expect.stringContaining('PORT must be a port number'),
      expect.stringContaining('META_VERSION must look like v26.0'),
    ]);
    expect(looked.output()).toContain('DATABSE_URL is not a setting');
    expect(looked.output()).toContain('Did you mean DATABASE_URL?');
  });

  it('keep every program from starting', async () => {
    const environment = { SUBGRAPH_BILING_URL: 'http://localhost:4004/graphql', DATA_DIR: newFolder() };
    for (const [program, ...args] of [['gateway/main.js'], ['subgraphs/serve.js', 'auth'], ['subgraphs/work.js']]) {
      const started = await startProcess(program ?? '', args, { environment });
      expect(started.child.exitCode).toBe(1);
      expect(started.output()).toContain('did you mean SUBGRAPH_BILLING_URL?');
    }
  });

  it('are what going live fails for where nothing is set', async () => {
    const looked = await doctor(newFolder(), ['--production', '--json']);
    expect(looked.child.exitCode).toBe(1);
    const problems = problemsIn(looked).join('\n');
    for (const what of [
      ...['JWT_SECRET', 'TOKEN_ENCRYPTION_KEY', 'DATABASE_URL', 'ALLOWED_ORIGINS', 'NODE_ENV', 'PUBLIC_URL'],
      ...['OPERATOR_TOKEN', 'Mail is written to files', 'same disk', 'Not encrypted'],
    ]) {
      expect(problems + looked.output()).toContain(what);
    }
    expect(problems.match(/is required in production/g)).toHaveLength(4);
  });

  it('are not written by setup, which names them and their flags', async () => {
    const folder = newFolder();
    const refused = await setup(folder, '--production', '--port', 'http', '--database-url', 'mysql://db');
    expect(refused.child.exitCode).toBe(1);
    expect(refused.output()).toContain('PORT must be a port number (--port)');
    expect(refused.output()).toContain('DATABASE_URL must be a URL that begins with postgres:// or postgresql://');
    expect(refused.output()).toContain('ALLOWED_ORIGINS is required in production (--domain)');
    expect(existsSync(join(folder, '.env'))).toBe(false);
  });

  it('in a file that cannot be parsed are reported by line', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, '.env'), 'PORT=9000\nthis is not a setting\n');
    const looked = await doctor(folder, ['--json']);
    expect(looked.child.exitCode).toBe(1);
    expect(problemsIn(looked)).toEqual([expect.stringContaining('.env, line 2: expected NAME=value')]);
  });
});

describe('an installation to try out', () => {
  it('is well with no settings at all', async () => {
    const looked = await doctor(newFolder(), ['--json'], { PORT: String(await freePort()) });
    expect(problemsIn(looked)).toEqual([]);
    expect(looked.child.exitCode).toBe(0);
    expect(looked.output()).toContain('not running now');
  });
});
