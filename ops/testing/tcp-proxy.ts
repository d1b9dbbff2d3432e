import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';

/** A wire a test can damage: forwards to a server until told otherwise. */
export interface TcpProxy {
  port: number;
  /** Breaks all connections and refuses new ones. */
  cut(): void;
  /** Takes connections and bytes, and forwards nothing, in either direction. */
  hang(): void;
  /** Forwards everything later, in both directions. */
  slow(delayMs: number): void;
  /** Forwards as before; what it held back goes first. */
  mend(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free loopback port in front of `port`. */
export async function startTcpProxy(port: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let state: 'open' | 'cut' | 'hanging' = 'open';
  let delayMs = 0;
  let held: (() => void)[] = [];

  const whenOpen = (forward: () => void) => {
    if (state === 'hanging') held.push(forward);
    else if (delayMs > 0) setTimeout(() => whenOpen(forward), delayMs);
    else forward();
  };
  // Later, but never out of order: each direction has one queue.
  const pipe = (from: Socket, to: Socket) => {
    let last = Promise.resolve();
    const inTurn = (forward: () => void) => {
      const turn = new Promise<void>((resolve) => whenOpen(resolve));
      last = last.then(() => turn).then(forward);
    };
    from.on('data', (chunk) => inTurn(() => to.writable && to.write(chunk)));
    from.on('close', () => inTurn(() => to.destroy()));
    from.on('error', () => {});
  };
  const server = createServer((client) => {
    if (state === 'cut') return client.destroy();
    const upstream = createConnection({ host: '127.0.0.1', port });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    pipe(client, upstream);
    pipe(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const cut = () => {
    state = 'cut';
    held = [];
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    cut,
    hang() {
      state = 'hanging';
    },
    slow(ms) {
      state = 'open';
      delayMs = ms;
    },
    mend() {
      state = 'open';
      delayMs = 0;
      for (const forward of held.splice(0)) forward();
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
