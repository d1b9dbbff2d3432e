import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { healthAnswer } from '#runtime/health/health-answer.js';
import { requestIdOf } from '#runtime/http/request-id.js';
import { readHealthProbe } from './health-probe.js';
import { proxyLine } from './proxy-line.js';

export interface AcceptorOptions {
  host: string;
  /** 0 = any free one. */
  port: number;
  /** The local address of the server behind. */
  path: string;
  environment: string;
  /** Whether the server behind still takes turns. While it does not, it has to answer for itself. */
  isBehindAlive(): boolean;
}

/** How long a connection that was not passed on may be idle. */
const IDLE_MS = 60_000;

function answerText(environment: string, { headers, isHead, isLast }: NonNullable<ReturnType<typeof readHealthProbe>>) {
  const answer = healthAnswer(environment, requestIdOf(headers));
  const lines = Object.entries({
    ...answer.headers,
    date: new Date().toUTCString(),
    connection: isLast ? 'close' : 'keep-alive',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 200 OK\r\n${lines.join('')}\r\n${isHead ? '' : answer.body}`;
}

/**
 * Accepts connections in place of an HTTP server that may have its hands full. It answers requests for `/health`; at the
 * first byte of anything else it connects the client with that server, and from then on bytes just pass through.
 */
export class Acceptor {
  readonly #options: AcceptorOptions;
  readonly #servers: Server[] = [];
  /** Clients that have not sent anything but requests for `/health` yet. */
  readonly #unassigned = new Set<Socket>();
  readonly #connecting = new Set<Promise<unknown>>();

  constructor(options: AcceptorOptions) {
    this.#options = options;
  }

  /** Listens on every address the host has, and returns the port. Fails as a server's `listen` does. */
  async listen(): Promise<number> {
    const { host, port } = this.#options;
    const hosts = host === 'localhost' ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];
    const actualPort = await this.#listenOn(hosts[0] ?? host, port);
    // As with any server on localhost: one address is needed, the other is a courtesy.
    for (const other of hosts.slice(1)) await this.#listenOn(other, actualPort).catch(() => {});
    return actualPort;
  }

  /** Stops accepting. Clients that have asked the server behind stay connected with it for as long as both like. */
  async close(): Promise<void> {
    for (const server of this.#servers) server.close();
    for (const socket of this.#unassigned) socket.destroy();
    await Promise.allSettled(this.#connecting);
  }

  async #listenOn(host: string, port: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
    server.listen({ host, port });
    await once(server, 'listening');
    this.#servers.push(server);
    return (server.address() as { port: number }).port;
  }

  #accept(socket: Socket): void {
    this.#unassigned.add(socket);
    const read = (bytes: Buffer) => {
      const rest = this.#answerProbes(socket, bytes);
      if (rest.length > 0) passOn(rest);
      // A client that does not read its answers gets no more of them.
      else if (socket.writableNeedDrain) socket.pause().once('drain', () => socket.resume());
    };
    const end = () => void socket.end();
    // Not ended, which waits for the client to do the same.
    const drop = () => void socket.destroy();
    const passOn = (bytes: Buffer) => {
      this.#unassigned.delete(socket);
      socket.off('data', read).off('end', end).off('timeout', drop).setTimeout(0).pause();
      this.#passOn(socket, bytes);
    };
    socket
      .on('data', read)
      .on('end', end)
      .on('timeout', drop)
      .on('error', () => {})
      .on('close', () => this.#unassigned.delete(socket))
      .setTimeout(IDLE_MS);
  }

  /** Answers as many requests for `/health` as there are, and returns the bytes that follow. */
  #answerProbes(socket: Socket, bytes: Buffer): Buffer {
    const { environment, isBehindAlive } = this.#options;
    let rest = bytes;
    for (;;) {
      const probe = readHealthProbe(rest);
      if (!probe || !isBehindAlive()) return rest;
      socket.write(answerText(environment, probe));
      if (probe.isLast) {
        socket.end();
        return Buffer.alloc(0);
      }
      rest = rest.subarray(probe.length);
    }
  }

  #passOn(client: Socket, bytes: Buffer): void {
    const behind = connect({ path: this.#options.path, allowHalfOpen: true });
    const connected = once(behind, 'connect').finally(() => this.#connecting.delete(connected));
    connected.catch(() => {});
    this.#connecting.add(connected);
    behind.write(Buffer.concat([Buffer.from(proxyLine(client), 'latin1'), bytes]));
    client.pipe(behind).pipe(client);
    client.on('close', () => behind.destroy());
    behind.on('error', () => {}).on('close', () => client.destroySoon());
  }
}
