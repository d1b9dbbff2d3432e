import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { isRunning, processesBelow } from '#ops/testing/processes-below.js';
import type { StoredDataset } from '#reporting/dataset/open-dataset.js';
import { column, memoryDataset } from '#reporting/testing/memory-dataset.js';
import { RenderHost } from './render-host.js';

const { manifest } = memoryDataset([{ id: 'campaigns', columns: [column('campaign', 'TEXT')], rows: [['A']] }]);
const branding = { name: 'A', logo: null, primaryColor: '#000000', accentColor: '#000000', footer: null };

/** In place of PostgreSQL: does with each connection what the test says. */
let answer: (connection: Socket) => void;
let server: Server;
let host: RenderHost;

beforeAll(async () => {
  server = createServer((connection) => {
    connection.on('error', () => {});
    answer(connection);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  host = new RenderHost({ databaseUrl: `postgres://user:password-of-the-database@127.0.0.1:${port}/none` });
});
afterAll(async () => {
  await host.close();
  server.close();
});

function render(signal = new AbortController().signal) {
  const dataset = { manifest, attempt: 1 } as StoredDataset;
  return host.render({ dataset, format: 'xlsx', presentation: { language: 'en', branding }, signal });
}

describe('a file that is being rendered', () => {
  it('is refused, and can be asked for again, while PostgreSQL is away', async () => {
    answer = (connection) => connection.destroy();
    await expect(render()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfter: 5 });
    await eventually('no process renders', () => host.running === 0);
  });

  it('fails with what its process says, which has no password in it', async () => {
    const refusal = Buffer.from('SFATAL\0C28P01\0MThe password is wrong.\0\0');
    const length = Buffer.alloc(4);
    length.writeInt32BE(refusal.length + length.length);
    answer = (connection) => connection.end(Buffer.concat([Buffer.from('E'), length, refusal]));
    const failure = await render().catch((error: Error) => error);
    expect(String(failure)).toMatch(/^Error: The process that rendered xlsx ended with \d+: .*Error/s);
    expect(String(failure)).not.toContain('password-of-the-database');
    await eventually('no process renders', () => host.running === 0);
  });

  it('ends with its reader, also where its process hangs', async () => {
    answer = () => {};
    const gone = new AbortController();
    const file = render(gone.signal);
    await eventually('a process renders', () => processesBelow(process.pid, 'render-child').length === 1);
    const [child] = processesBelow(process.pid, 'render-child');
    process.kill(child!, 'SIGSTOP');
    gone.abort(new Error('The reader is gone.'));
    await expect(file).rejects.toThrow('The reader is gone.');
    await eventually('the process is gone', () => !isRunning(child!) && host.running === 0);
  });
});
