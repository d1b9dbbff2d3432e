import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../ops/testing/eventually.js';
import { startTcpProxy, type TcpProxy } from '../../ops/testing/tcp-proxy.js';
import { newDatabase } from '../../ops/testing/test-runtime.js';
import { Client } from './client.js';
import { type OpenRoad, openRoad } from './open-road.js';

const EVERYTHING = '{ me { id organization { name connections { id } subscription { status } } } }';
const LOG_IN = 'mutation { logIn(email: "nobody@example.com", password: "correct horse battery") { accessToken } }';
/** What a frozen server may cost: a statement's 35 seconds, and waiting for a connection before. */
const BOUND_MS = 50_000;

describe('a gateway whose PostgreSQL is away', () => {
  let road: OpenRoad;
  let wire: TcpProxy;
  let anyone: Client;
  let person: Client;

  beforeAll(async () => {
    const url = new URL(await newDatabase());
    wire = await startTcpProxy(Number(url.port));
    url.port = String(wire.port);
    road = await openRoad('in-process', { DATABASE_URL: url.href });
    anyone = new Client(road.url);
    person = (await anyone.signUp('Person')).client;
  });
  afterAll(async () => {
    wire.mend();
    await road.close();
    await wire.close();
  });

  const statusOf = async (path: string) => (await fetch(road.url + path)).status;
  const works = async () => !(await person.ask(EVERYTHING)).errors;

  it('says so, clearly and at once, and works again by itself', async () => {
    wire.cut();
    expect(await statusOf('/ready')).toBe(503);
    expect(await statusOf('/health')).toBe(200);
    const answers = await Promise.all(Array.from({ length: 50 }, () => person.ask(EVERYTHING)));
    for (const { code, errors } of answers) {
      expect(code).toBe('SERVICE_UNAVAILABLE');
      expect(errors[0].extensions).toMatchObject({ retryAfter: 5, requestId: expect.any(String) });
      expect(JSON.stringify(errors)).not.toMatch(/ECONN|127\.0\.0\.1|terminated|SELECT/);
    }
    expect((await anyone.ask(LOG_IN)).code).toBe('SERVICE_UNAVAILABLE');
    // Nothing is remembered of a session that was never used here: the request fails as a whole.
    await road.foundation.cache.namespace('session-identity').clear();
    expect(await person.ask(EVERYTHING)).toMatchObject({ status: 503, data: undefined, code: 'SERVICE_UNAVAILABLE' });

    wire.mend();
    await eventually('the same person is answered again', works);
    await eventually('requests are sent here again', async () => (await statusOf('/ready')) === 200);
  });

  it('hangs nobody when it is frozen', async () => {
    expect(await works()).toBe(true);
    wire.hang();
    expect(await statusOf('/ready')).toBe(503);
    const begin = Date.now();
    const answers = await Promise.all(Array.from({ length: 20 }, () => person.ask(EVERYTHING)));
    expect(Date.now() - begin).toBeLessThan(BOUND_MS);
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['SERVICE_UNAVAILABLE']));
    wire.mend();
    await eventually('the same person is answered again', works);
  }, 90_000);
});
