import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';

export interface ClosingOptions {
  lifecycle: Lifecycle;
  logger: Logger;
  /** How long a stop waits for requests in flight, the time other parts took to close before included. */
  limitMs?: number;
}

const LIMIT_MS = 20_000;
/** What requests in flight get in any case, however long running jobs took before. */
const AT_LEAST_MS = 5_000;
/** For a request whose first bytes are on their way; a connection that stays silent is not waited for. */
const SILENCE_MS = 100;

const describe = ({ id, method, url }: FastifyRequest) => `${method} ${url.split('?')[0]} (${id})`;

/** The requests that are being answered, by connection, on every address the server listens on. */
class InFlight {
  readonly #requests = new Map<Socket, Set<FastifyRequest>>();
  #whenEmpty: (() => void) | undefined;

  add(request: FastifyRequest): void {
    const { socket } = request.raw;
    if (socket.destroyed) return;
    const requests = this.#requests.get(socket);
    if (requests) return void requests.add(request);
    this.#requests.set(socket, new Set([request]));
    // Of pipelined requests only the first hears of it when the client hangs up.
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

  /** Ends the connections of what is still being answered, and returns which requests those were. */
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
 * Lets a server, made with `return503OnClosing: false` and not listening yet, close without losing a request: from the
 * moment a stop begins every answer ends its connection, so that clients go elsewhere with the next one; on close it
 * stops accepting, waits for the requests in flight and ends the other connections. What takes longer than the limit is
 * cut and logged.
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
