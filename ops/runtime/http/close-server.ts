import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { OpenRequests } from './open-requests.js';

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

/**
 * Lets a server with `return503OnClosing: false`, before it listens, close without losing a request: once a stop begins,
 * every response ends its connection; on close it stops accepting, waits for the requests in flight and ends all other
 * connections. Requests beyond the limit are cut and logged.
 */
export function closeGracefully(app: FastifyInstance, { lifecycle, logger, limitMs = LIMIT_MS }: ClosingOptions): void {
  const inFlight = OpenRequests.of(app);
  let isStopping = false;
  lifecycle.onStop(() => {
    isStopping = true;
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isStopping) void reply.header('connection', 'close');
    done(null, payload);
  });
  lifecycle.onDrain('requests', () => inFlight.count);
  lifecycle.onClose('HTTP server', async (elapsedMs) => {
    let isClosed = false;
    const closed = app.close().finally(() => {
      isClosed = true;
    });
    const cut = () => {
      const requests = inFlight.cut().map(describe);
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
