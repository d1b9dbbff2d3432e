import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';

export interface ClosingOptions {
  lifecycle: Lifecycle;
  logger: Logger;
  /** How long a stop waits for requests in flight; whatever closed before the server is counted in. */
  limitMs?: number;
}

const LIMIT_MS = 20_000;
/** What requests in flight get in any case, however long running jobs took before. */
const AT_LEAST_MS = 5_000;

const describe = ({ id, method, url }: FastifyRequest) => `${method} ${url.split('?')[0]} (${id})`;

/** The requests that are being answered, on every address the server listens on. */
class InFlight {
  readonly #requests = new Map<FastifyRequest, Socket>();
  #whenEmpty: (() => void) | undefined;

  add(request: FastifyRequest): void {
    this.#requests.set(request, request.raw.socket);
  }

  remove(request: FastifyRequest): void {
    if (this.#requests.delete(request) && this.#requests.size === 0) this.#whenEmpty?.();
  }

  async empty(): Promise<void> {
    if (this.#requests.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
  }

  /** Ends the connections of what is still being answered, and returns which requests those were. */
  cut(): string[] {
    const cut = [...this.#requests];
    for (const [, socket] of cut) socket.destroy();
    return cut.map(([request]) => describe(request));
  }
}

/**
 * Lets a server, made with `return503OnClosing: false` and not listening yet, close without losing a request: from the
 * moment a stop begins every answer ends its connection, so that clients go elsewhere with the next one; on close it
 * stops accepting and waits for the requests in flight. What takes longer than the limit is cut and logged.
 */
export function closeGracefully(app: FastifyInstance, { lifecycle, logger, limitMs = LIMIT_MS }: ClosingOptions): void {
  const inFlight = new InFlight();
  let isStopping = false;
  lifecycle.onStop(() => {
    isStopping = true;
  });
  app.addHook('onRequest', (request, reply, done) => {
    inFlight.add(request);
    // Comes after the answer, and also when the client hangs up before it.
    reply.raw.once('close', () => inFlight.remove(request));
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isStopping) void reply.header('connection', 'close');
    done(null, payload);
  });
  lifecycle.onClose('HTTP server', async (elapsedMs) => {
    const closed = app.close();
    const finished = Promise.all([closed, inFlight.empty()]);
    const timer = setTimeout(
      () => {
        const requests = inFlight.cut();
        if (requests.length > 0) logger.warn({ requests }, `${requests.length} requests took too long to be finished`);
        // Also those that never sent a whole request.
        app.server.closeAllConnections();
      },
      Math.max(limitMs - elapsedMs, Math.min(AT_LEAST_MS, limitMs)),
    );
    await finished.finally(() => clearTimeout(timer));
  });
}
