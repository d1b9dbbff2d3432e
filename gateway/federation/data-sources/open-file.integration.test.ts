import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { billing } from '#billing/index.js';
import type { GatewayContext } from '#gateway/context.js';
import type { FileAnswer, OpenFile } from '#kit/file-answer.js';
import { eventually } from '#ops/testing/eventually.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { Conflict, Forbidden } from '#runtime/errors.js';
import { listen } from '#runtime/http/listen.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { openSubgraphServer } from '#subgraphs/process/subgraph-server.js';
import { HttpDataSource } from './http.js';
import { InProcessDataSource } from './in-process.js';
import type { SubgraphDataSource } from './subgraph-data-source.js';

const KIB = Buffer.alloc(1024, 'x');
const IDENTITY: Identity = { kind: 'user', userId: 'nora', organizationId: 'one', scopes: [], requestId: 'request-1' };

/** What the subgraph has, as each test says. */
let content: () => Readable = () => Readable.from([]);
let produced = 0;
let last: Readable;

function endless(bytes = Number.POSITIVE_INFINITY, failure?: Error): Readable {
  produced = 0;
  return new Readable({
    read() {
      produced += KIB.length;
      if (produced <= bytes) this.push(KIB);
      else if (failure) this.destroy(failure);
      else this.push(null);
    },
  });
}

const openFile: OpenFile = async ({ kind, parameters, knownTags, isHead }, identity, signal) => {
  if (kind !== 'letter') throw new Forbidden(`${identity.userId} may not`);
  if (parameters.name === 'later') throw new Conflict('Wait.', { retryAfter: 5 });
  if (parameters.name === 'broken') throw new Error('relation "secret" does not exist');
  const etag = '"tag"';
  const isKnown = knownTags?.includes(etag) ?? false;
  const facts = { name: 'Grüße, 世界.txt', type: 'text/plain; charset=utf-8', etag, isKnown };
  if (isKnown || isHead) return { ...facts, body: null };
  last = content();
  signal.addEventListener('abort', () => last.destroy(), { once: true });
  return { ...facts, body: last };
};

let services: Services;
const sources = new Map<string, SubgraphDataSource>();

beforeAll(async () => {
  services = await openTestServices();
  const running = { ...(await billing.open(services)), openFile };
  const port = await listen(await openSubgraphServer(services, running), '127.0.0.1', 0, 'port');
  const url = `http://127.0.0.1:${port}/graphql`;
  sources.set('http', new HttpDataSource({ name: 'billing', url, signer: services.internalSigner }));
  sources.set('in-process', new InProcessDataSource(running.execute, openFile));
});
afterAll(() => services.lifecycle.close());

describe.each(['in-process', 'http'])('a file of a subgraph, %s', (transport) => {
  const disconnection = new AbortController();
  const context = { identity: IDENTITY, watch: { disconnection } } as unknown as GatewayContext;
  const open = (name: string, more: object = {}, kind = 'letter'): Promise<FileAnswer> =>
    sources.get(transport)!.openFile({ kind, parameters: { name }, ...more }, context);

  it('has its facts and its content', async () => {
    content = () => Readable.from(['one ', 'two']);
    const { body, ...facts } = await open('any');
    expect(facts).toEqual({
      name: 'Grüße, 世界.txt',
      type: 'text/plain; charset=utf-8',
      etag: '"tag"',
      isKnown: false,
    });
    expect(await text(body!)).toBe('one two');
    expect(await open('any', { knownTags: ['"tag"'] })).toMatchObject({ isKnown: true, body: null });
    expect(await open('any', { isHead: true })).toMatchObject({ isKnown: false, body: null });
  });

  it('is refused with the error of the subgraph', async () => {
    await expect(open('later')).rejects.toMatchObject({ code: 'CONFLICT', message: 'Wait.', retryAfter: 5 });
    await expect(open('any', {}, 'parcel')).rejects.toMatchObject({ code: 'FORBIDDEN', message: 'nora may not' });
    const failure = await open('broken').catch((error: Error) => error);
    expect([transport, (failure as Error).message]).toEqual([
      transport,
      transport === 'http' ? 'Internal error' : 'relation "secret" does not exist',
    ]);
  });

  it('is made no faster than it is read', async () => {
    content = () => endless();
    const { body } = await open('any');
    await once(body!, 'readable');
    let before = -1;
    await eventually('it is no longer made', () => {
      const isStill = produced === before;
      before = produced;
      return isStill;
    });
    // What sockets and streams buffer on the way.
    expect(produced).toBeLessThan(16 * 1024 * 1024);
    body!.destroy();
    await eventually('the source is closed', () => last.destroyed);
  });

  it('fails when its making fails, and is never shorter', async () => {
    content = () => endless(64 * 1024, new Error('The disk is gone'));
    const { body } = await open('any');
    await expect(text(body!)).rejects.toThrow();
  });

  it('is no longer made when the client disconnects', async () => {
    content = () => endless();
    const { body } = await open('any');
    body!.on('error', () => {}).resume();
    disconnection.abort();
    await eventually('the source is closed', () => last.destroyed);
  });
});
