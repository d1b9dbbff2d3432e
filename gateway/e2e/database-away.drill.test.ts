import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { startTcpProxy, type TcpProxy } from '#ops/testing/tcp-proxy.js';
import { newDatabase } from '#ops/testing/test-services.js';
import { Client } from './client.js';
import { freePort, newFolder, type StartedProcess, startProcess } from './start-process.js';

const EVERYTHING = '{ me { id organization { name connections { id } subscription { status } } } }';
const LOG_IN = 'mutation { logIn(email: "nobody@example.com", password: "correct horse battery") { accessToken } }';
/** What a frozen server may cost: a statement's 35 seconds, a connection's 10 before, and room for a slow machine. */
const BOUND_MS = 60_000;

// A process of its own: an error that nothing listens for ends it.
describe('a gateway whose PostgreSQL is away', () => {
  let gateway: StartedProcess;
  let url: string;
  let wire: TcpProxy;
  let anyone: Client;
  let person: Client;
  let newcomer: Client;

  beforeAll(async () => {
    const databaseUrl = new URL(await newDatabase());
    wire = await startTcpProxy(Number(databaseUrl.port));
    databaseUrl.port = String(wire.port);
    const port = await freePort();
    url = `http://localhost:${port}`;
    gateway = await startProcess('gateway/main.js', [], {
      environment: {
        DATABASE_URL: databaseUrl.href,
        DATABASE_POOL_SIZE: '4',
        DATA_DIR: newFolder(),
        JWT_SECRET: randomBytes(32).toString('hex'),
        TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
        PORT: String(port),
        SIMULATOR_PORT: '0',
        RATE_LIMIT_ANONYMOUS: '0',
        DEMO_DATA: 'false',
      },
      readyWhen: /Press Ctrl-C to stop/,
    });
    anyone = new Client(url);
    person = (await anyone.signUp('Person')).client;
    newcomer = (await anyone.signUp('Newcomer')).client;
    expect((await person.ask(EVERYTHING)).errors).toBeUndefined();
  });
  afterAll(async () => {
    wire.mend();
    expect(await gateway.stop()).toBe(0);
    await wire.close();
  });

  const statusOf = async (path: string) => (await fetch(url + path)).status;
  const works = async () => !(await person.ask(EVERYTHING)).errors;

  it('reports it at once, and recovers by itself', async () => {
    wire.cut();
    await eventually('no more requests are sent here', async () => (await statusOf('/ready')) === 503);
    expect(await statusOf('/health')).toBe(200);
    const answers = await Promise.all(Array.from({ length: 50 }, () => person.ask(EVERYTHING)));
    for (const { code, errors } of answers) {
      expect(code).toBe('SERVICE_UNAVAILABLE');
      expect(errors[0].extensions).toMatchObject({ retryAfter: 5, requestId: expect.any(String) });
      expect(JSON.stringify(errors)).not.toMatch(/ECONN|127\.0\.0\.1|terminated|SELECT/);
    }
    expect((await anyone.ask(LOG_IN)).code).toBe('SERVICE_UNAVAILABLE');
    // Nothing is remembered of a session that was never used: the request fails as a whole.
    expect(await newcomer.ask(EVERYTHING)).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });

    wire.mend();
    await eventually('the same person is answered again', works);
    await eventually('requests are sent here again', async () => (await statusOf('/ready')) === 200);
  });

  it('hangs no request while it is frozen', async () => {
    expect(await works()).toBe(true);
    wire.hang();
    await eventually('no more requests are sent here', async () => (await statusOf('/ready')) === 503);
    const begin = Date.now();
    const answers = await Promise.all(Array.from({ length: 20 }, () => person.ask(EVERYTHING)));
    expect(Date.now() - begin).toBeLessThan(BOUND_MS);
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['SERVICE_UNAVAILABLE']));
    wire.mend();
    await eventually('the same person is answered again', works);
  });
});
