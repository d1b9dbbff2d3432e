import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';

export interface ClosingOptions {
  lifecycle: Lifecycle;
  logger: Logger;
  /** For requests in flight, including the time other parts took to close. */
  limitMs?: number;
}

const LIMIT_MS = 20_000;
/** For requests in flight in any case, however long jobs took. */
const AT_LEAST_MS = 5_000;
/** For a request whose first bytes are on their way. */
const SILENCE_MS = 100;

const describe = ({ id, method, url }: FastifyRequest) => `${method} ${url.split('?')[0]} (${id})`;

/** The requests that are being answered, by connection. */
class InFlight {
  readonly #requests = new Map<Socket, Set<FastifyRequest>>();
  #whenEmpty: (() => void) | undefined;

  add(request: FastifyRequest): void {
    const { socket } = request.raw;
    if (socket.destroyed) return;
    const requests = this.#requests.get(socket);
    if (requests) return void requests.add(request);
    this.#requests.set(socket, new Set([request]));
    // When the client hangs up, only the first of pipelined responses emits 'close'.
    socket.once('close', () => this.#forget(socket));
  }

  remove(request: FastifyRequest): void {
    const { socket } = request.raw;
    this.#requests.get(socket)?.delete(request);
    this.#emptied();
  }

  isEmpty(): boolean {
    return [...this.#requests.values()].every((requests) => requests.size === 0);
  }

  async empty(): Promise<void> {
    if (this.isEmpty()) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
  }

  cut(): string[] {
    const cut = [...this.#requests].filter(([, requests]) => requests.size > 0);
    for (const [socket] of cut) socket.destroy();
    return cut.flatMap(([, requests]) => [...requests].map(describe));
  }

  #forget(socket: Socket): void {
    this.#requests.delete(socket);
    this.#emptied();
  }

  #emptied(): void {
    if (this.#whenEmpty && this.isEmpty()) this.#whenEmpty();
  }
}

/**
 * Lets a server with `return503OnClosing: false`, before it listens, close without losing a request: once a stop begins,
 * every response ends its connection; on close it stops accepting, waits for the requests in flight and ends all other
 * connections. Requests beyond the limit are cut and logged.
 */
export function closeGracefully(app: FastifyInstance, { lifecycle, logger, limitMs = LIMIT_MS }: ClosingOptions): void {
  const inFlight = new InFlight();
  let isStopping = false;
  lifecycle.onStop(() => {
    isStopping = true;
  });
  app.addHook('onRequest', (request, reply, done) => {
    inFlight.add(request);
    reply.raw.once('close', () => inFlight.remove(request));
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isStopping) void reply.header('connection', 'close');
    done(null, payload);
  });
  lifecycle.onClose('HTTP server', async (elapsedMs) => {
    let isClosed = false;
    const closed = app.close().finally(() => {
      isClosed = true;
    });
    const cut = () => {
      const requests = inFlight.cut();
      if (requests.length > 0) logger.warn({ requests }, 'Requests cut at shutdown');
      app.server.closeAllConnections();
    };
    const timer = setTimeout(cut, Math.max(limitMs - elapsedMs, Math.min(AT_LEAST_MS, limitMs)));
    try {
      while (!isClosed) {
        await inFlight.empty();
        await Promise.race([closed, wait(SILENCE_MS)]);
        if (inFlight.isEmpty()) app.server.closeAllConnections();
      }
      await inFlight.empty();
    } finally {
      clearTimeout(timer);
    }
  });
}
