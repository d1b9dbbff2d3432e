import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { LRUCache } from 'lru-cache';
import { createExecutor } from '#kit/executor.js';
import { anonymous } from '#runtime/identity/identity.js';
import { createLogger } from '#runtime/log/logger.js';
import { catalogueSchemas } from './catalogue.js';

// Started by `subjects.ts`: the subgraphs of the catalogue, each on a port of its own. What was asked before is answered from memory, as
// the subgraphs are not what is measured. Tells its parent the addresses, and on each message how many operations were sent so far.

const MAX_REMEMBERED = 2_000;
let calls = 0;

/** Returns the address of a subgraph that answers what `answer` returns. */
function serve(answer: (body: string) => Promise<Buffer>): Promise<string> {
  const remembered = new LRUCache<string, Buffer>({ max: MAX_REMEMBERED });
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    calls += 1;
    const body = await text(request);
    const given = remembered.get(body) ?? (await answer(body));
    remembered.set(body, given);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': given.length }).end(given);
  };
  const server = createServer((request, response) => {
    respond(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
  });
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`));
  });
}

const logger = createLogger({ level: 'silent', isPretty: false });
const identity = anonymous('bench');
const urls: Record<string, string> = {};
for (const [name, schema] of catalogueSchemas()) {
  const execute = createExecutor(schema, () => ({}), logger);
  urls[name] = await serve(async (body) => {
    const { data, errors } = await execute(JSON.parse(body), identity);
    return Buffer.from(JSON.stringify(errors ? { data, errors } : { data }));
  });
}
process.on('message', () => process.send?.({ calls }));
process.once('disconnect', () => process.exit(0));
process.send?.({ urls });
