import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createClient } from '#gateway/client/client.js';
import { parseEvents } from '#gateway/client/events.js';
import { eventually } from '#ops/testing/eventually.js';
import { dropDatabase, newDatabase } from '#ops/testing/test-services.js';
import { hashApiKey, newApiKey } from '#runtime/identity/api-key.js';
import { freePort, type StartedProcess, sharedSettings, startProcess } from './start-process.js';

const STREAMS = 1_000;
/** Of the program with everything in it; it begins at about 300 MB. */
const MAX_RESIDENT_MB = 900;

function residentMb({ child }: StartedProcess): number {
  const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kb) / 1024);
}

interface Stream {
  key: string;
  /** What was received, block by block. */
  events: { id?: string; event?: string; data?: string }[];
  isEnded: boolean;
}

describe('a thousand streams of a thousand organizations', () => {
  let shared: Record<string, string>;
  let database: pg.Client;
  let first: StartedProcess;
  let second: StartedProcess;
  let urls: string[];
  let keys: { key: string; id: string }[];
  const streams: Stream[] = [];
  const end = new AbortController();

  async function start(): Promise<{ started: StartedProcess; url: string }> {
    const port = await freePort();
    const started = await startProcess('gateway/main.js', [], {
      environment: { ...shared, PORT: String(port) },
      readyWhen: /Press Ctrl-C/,
    });
    if (started.child.exitCode !== null) throw new Error(started.output());
    return { started, url: `http://127.0.0.1:${port}` };
  }

  /** Adds organizations with an API key each. */
  async function addKeys(count: number) {
    const added = Array.from({ length: count }, () => ({
      key: newApiKey('live'),
      id: randomUUID(),
      organization: randomUUID(),
    }));
    await database.query(
      `INSERT INTO auth.organization (id, name) SELECT id, 'Follower' FROM unnest($1::uuid[]) AS id`,
      [added.map(({ organization }) => organization)],
    );
    await database.query(
      `INSERT INTO auth.api_key (id, organization_id, name, kind, scopes, lifetime_days, created_at, expires_at)
       SELECT id, organization, 'Follower', 'live', '{read:connections}', 90, now(), now() + interval '90 days'
       FROM unnest($1::uuid[], $2::uuid[]) AS added (id, organization)`,
      [added.map(({ id }) => id), added.map(({ organization }) => organization)],
    );
    await database.query(
      `INSERT INTO auth.api_key_secret (hash, api_key_id, organization_id, prefix, created_at, valid_until)
       SELECT hash, id, organization, 'wm_live', now(), now() + interval '90 days'
       FROM unnest($1::text[], $2::uuid[], $3::uuid[]) AS added (hash, id, organization)`,
      [
        added.map(({ key }) => hashApiKey(key)),
        added.map(({ id }) => id),
        added.map(({ organization }) => organization),
      ],
    );
    return added;
  }

  async function open(url: string, key: string): Promise<Stream> {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${url}/api/connections/events`, { headers, signal: end.signal });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    const stream: Stream = { key, events: [], isEnded: false };
    const read = async () => {
      try {
        for await (const event of parseEvents(response.body as ReadableStream<Uint8Array>)) {
          if (event.data) stream.events.push(event);
        }
      } catch {
        // Cut.
      }
      stream.isEnded = true;
    };
    void read();
    streams.push(stream);
    return stream;
  }

  async function countsAt(url: string): Promise<[streams: number, states: number]> {
    const text = await (await fetch(`${url}/metrics`)).text();
    const of = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
    return [of('webmetrics_event_streams'), of('webmetrics_event_states')];
  }

  beforeAll(async () => {
    shared = {
      ...sharedSettings(await newDatabase()),
      // All streams come from one address here.
      TRUSTED_PROXIES: '1',
    };
    const one = await start();
    const other = await start();
    [first, second] = [one.started, other.started];
    urls = [one.url, other.url];
    database = new pg.Client({ connectionString: shared.DATABASE_URL });
    await database.connect();
    keys = await addKeys(STREAMS);
  });
  afterAll(async () => {
    end.abort();
    await database?.end();
    await Promise.all([first?.stop(), second?.stop()]);
    await dropDatabase(String(shared.DATABASE_URL));
  });

  it('are open at a time, each with its own state', async () => {
    const waiting = [...keys];
    const openSome = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await open(String(urls[0]), next.key);
    };
    await Promise.all(Array.from({ length: 16 }, openSome));
    await eventually('each has its state', () => streams.every(({ events }) => events.length === 1));
    expect(await countsAt(String(urls[0]))).toEqual([STREAMS, STREAMS]);
    expect(residentMb(first)).toBeLessThan(MAX_RESIDENT_MB);
  });

  it('end one by one: that of a revoked key does, the others go on', async () => {
    const [revoked] = keys.splice(0, 1);
    await database.query('DELETE FROM auth.api_key_secret WHERE api_key_id = $1', [revoked?.id]);
    const stream = streams.find(({ key }) => key === revoked?.key) as Stream;
    await eventually('its stream has ended', () => stream.isEnded);
    expect(stream.events.at(-1)).toMatchObject({ event: 'error', data: expect.stringContaining('UNAUTHENTICATED') });
    expect(streams.filter(({ isEnded }) => isEnded)).toHaveLength(1);
    await eventually('it is counted no more', async () =>
      (await countsAt(String(urls[0]))).every((count) => count === STREAMS - 1),
    );
  });

  it('end with the process, and another continues them where they were', async () => {
    const [follower] = keys;
    const known = streams.find(({ key }) => key === follower?.key)?.events.at(-1)?.id;
    expect(await first.stop('SIGTERM')).toBe(0);
    await eventually('every stream has ended', () => streams.every(({ isEnded }) => isEnded));
    await database.query(
      `INSERT INTO integrations.connection (organization_id, provider_id, external_user_id, granted_by, status, scopes, version)
       SELECT organization_id, 'x', 'x', 'Follower', 'ACTIVE', '{}', 1 FROM auth.api_key WHERE id = $1`,
      [follower?.id],
    );
    const client = createClient({ url: String(urls[1]), apiKey: follower?.key });
    const states = client.connectionEvents({ lastEventId: known, signal: end.signal });
    expect(await states.next()).toMatchObject({ value: { total: 1 } });
    await states.return();
    await eventually('it is closed there', async () => (await countsAt(String(urls[1]))).every((count) => count === 0));
  });
});
