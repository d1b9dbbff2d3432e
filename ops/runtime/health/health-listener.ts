import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requestIdOf } from '#runtime/http/request-id.js';
import { healthAnswer } from './health-answer.js';

export interface HealthListenerOptions {
  host: string;
  /** 0 = any free port. */
  port: number;
  environment: string;
  isStarting(): boolean;
  /** Whether the main thread does not react any more. */
  isHung(): boolean;
  /** For a request to arrive. */
  requestTimeoutMs?: number;
  maxConnections?: number;
}

const REQUEST_TIMEOUT_MS = 5_000;
/** Probes come one at a time: this bounds what other clients can hold open. */
const MAX_CONNECTIONS = 256;
const IDLE_TIMEOUT_MS = 10_000;
const MAX_HEADER_BYTES = 4_096;
const HEALTH_PATH = /^\/health\/?(?:\?|$)/;

function answer(request: IncomingMessage, response: ServerResponse, options: HealthListenerOptions): void {
  const refuse = (status: number) => response.writeHead(status, { 'content-length': 0, connection: 'close' }).end();
  if (!HEALTH_PATH.test(request.url ?? '')) return void refuse(404);
  if (request.method !== 'GET' && request.method !== 'HEAD') return void refuse(405);
  // No answer rather than a 503: as with a process that hangs altogether, and without waiting for a timeout.
  if (options.isHung()) return void request.socket.destroy();
  const { status, headers, body } = healthAnswer(
    options.environment,
    requestIdOf(request.headers),
    options.isStarting(),
  );
  response.writeHead(status, headers).end(body);
}

async function listenOn(host: string, port: number, options: HealthListenerOptions): Promise<Server> {
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS, maxConnections = MAX_CONNECTIONS } = options;
  const server = createServer(
    {
      headersTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: requestTimeoutMs / 5,
      maxHeaderSize: MAX_HEADER_BYTES,
      noDelay: true,
    },
    (request, response) => answer(request, response, options),
  );
  server.maxConnections = maxConnections;
  server.listen({ host, port });
  await once(server, 'listening');
  return server;
}

/** Answers `/health`, and nothing else, on every address of the host. Fails as `listen` does. */
export async function listenForProbes(options: HealthListenerOptions): Promise<{ port: number; servers: Server[] }> {
  const { host, port } = options;
  const addresses = host === 'localhost' ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];
  const main = await listenOn(addresses[0] ?? host, port, options);
  const actualPort = (main.address() as AddressInfo).port;
  const servers = [main];
  for (const address of addresses.slice(1)) {
    // A machine may have ::1 in its hosts file and no IPv6.
    const other = await listenOn(address, actualPort, options).catch(() => undefined);
    if (other) servers.push(other);
  }
  return { port: actualPort, servers };
}
