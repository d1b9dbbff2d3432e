import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A round-robin load balancer over the instances whose `/ready` answers 200; it never retries. */
export interface Balancer {
  url: string;
  /** What could not be handed on, or got no answer. */
  failures: string[];
  counts: Map<number, number>;
  /** Resolves once the backend at this port is (not) given requests. */
  until(port: number, isReady: boolean): Promise<void>;
  close(): Promise<void>;
}

const PROBE_EVERY_MS = 100;
/** A busy machine answers within this time. */
const PROBE_TIMEOUT_MS = 10_000;

interface Backend {
  port: number;
  isReady: boolean;
}

function probe({ port }: Backend): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      { host: '127.0.0.1', port, path: '/ready', agent: false, timeout: PROBE_TIMEOUT_MS },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/** Starts a balancer in front of these ports of this machine. */
export async function startBalancer(ports: number[]): Promise<Balancer> {
  const backends: Backend[] = ports.map((port) => ({ port, isReady: false }));
  const agent = new Agent({ keepAlive: true });
  const failures: string[] = [];
  const counts = new Map(ports.map((port) => [port, 0]));
  const waiting: { port: number; isReady: boolean; resolve: () => void }[] = [];
  let turn = 0;
  let isClosed = false;

  const settleWaiting = () => {
    for (const one of [...waiting]) {
      if (backends.find(({ port }) => port === one.port)?.isReady !== one.isReady) continue;
      waiting.splice(waiting.indexOf(one), 1);
      one.resolve();
    }
  };
  /** Each by itself: one that is slow to answer hides no other that stops. */
  const keepProbing = async (backend: Backend) => {
    backend.isReady = await probe(backend);
    settleWaiting();
    if (!isClosed) setTimeout(() => void keepProbing(backend), PROBE_EVERY_MS);
  };

  function handOn(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const ready = backends.filter(({ isReady }) => isReady);
    const backend = ready[turn++ % Math.max(ready.length, 1)];
    const fail = (why: string): void => {
      failures.push(`${incoming.method} ${incoming.url}: ${why}`);
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    };
    if (!backend) {
      fail('no instance is ready');
      return;
    }
    counts.set(backend.port, (counts.get(backend.port) ?? 0) + 1);
    const { method, url: path, headers } = incoming;
    const { connection: _hopByHop, ...rest } = headers;
    const outbound = request({ host: '127.0.0.1', port: backend.port, method, path, headers: rest, agent });
    outbound.on('response', (response) => {
      const { connection, 'keep-alive': keepAlive, ...endToEnd } = response.headers;
      outgoing.writeHead(response.statusCode ?? 502, endToEnd);
      response.on('error', (error) => fail(error.message)).pipe(outgoing);
    });
    outbound.on('error', (error: NodeJS.ErrnoException) => fail(`${backend.port} ${error.code ?? error.message}`));
    incoming.pipe(outbound);
  }

  const server = createServer(handOn).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await Promise.all(backends.map(keepProbing));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failures,
    counts,
    until: (port, isReady) =>
      new Promise((resolve) => {
        waiting.push({ port, isReady, resolve });
        settleWaiting();
      }),
    close: async () => {
      isClosed = true;
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
