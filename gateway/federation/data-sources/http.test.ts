import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { anonymous } from '#runtime/identity/identity.js';
import { HttpDataSource } from './http.js';

const MAX_BYTES = 1024 * 1024;

describe('the answer of a subgraph over HTTP', () => {
  let server: Server;
  let dataSource: HttpDataSource;

  async function answerWith(respond: (response: ServerResponse) => void): Promise<HttpDataSource> {
    server = createServer((_request, response) => respond(response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    dataSource = new HttpDataSource({ name: 'billing', url, maxBytes: MAX_BYTES });
    return dataSource;
  }
  afterEach(async () => {
    await dataSource.close();
    server.close();
  });
  const ask = () => dataSource.execute({ query: '{ plans { id } }' }, { identity: anonymous('request-1') });

  it('is read up to the limit of bytes', async () => {
    const text = JSON.stringify({ data: { text: 'x'.repeat(MAX_BYTES - 20) } });
    await answerWith((response) => response.end(text));
    expect(await ask()).toMatchObject({ data: { text: expect.any(String) } });
  });

  it('is refused beyond the limit while it arrives, and its connection closed', async () => {
    let closed: Promise<unknown> | undefined;
    let written = 0;
    await answerWith((response) => {
      closed = once(response, 'close');
      const chunk = Buffer.alloc(64 * 1024, 'x');
      // Endless: read as a whole, it would never be answered.
      const write = () => {
        do written += chunk.length;
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', write);
      write();
    });
    await expect(ask()).rejects.toMatchObject({
      code: 'ANSWER_TOO_LARGE',
      message: 'The answer of the subgraph billing has more than 1 MiB: ask for fewer items (`first`) or fields.',
    });
    await closed;
    expect(written).toBeGreaterThan(MAX_BYTES / 2);
  });

  it.each<[string, string, number]>([
    ['once more for a query', '{ plans { id } }', 2],
    ['once more for a named query', 'query Plans__billing__0 { plans { id } }', 2],
    ['not again for a mutation', 'mutation Change__auth__0 { change }', 1],
  ])('is asked for %s when its connection is closed under it', async (_what, query, times) => {
    let asked = 0;
    await answerWith((response) => {
      asked += 1;
      if (asked === 1) response.socket?.destroy();
      else response.end('{"data":{"plans":[]}}');
    });
    const answer = dataSource.execute({ query }, { identity: anonymous('request-1') });
    if (times === 2) expect(await answer).toMatchObject({ data: { plans: [] } });
    else await expect(answer).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
    expect(asked).toBe(times);
  });

  it('is asked for twice at most', async () => {
    let asked = 0;
    await answerWith((response) => {
      asked += 1;
      response.socket?.destroy();
    });
    await expect(ask()).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
    expect(asked).toBe(2);
  });
});
