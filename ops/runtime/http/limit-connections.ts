import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type AddressInfo, BlockList, isIPv6, type Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { TrafficConfig } from '#runtime/config/config.js';
import { type AppError, RateLimited, ServiceUnavailable } from '#runtime/errors.js';
import { addressKey } from '#runtime/identity/address-key.js';
import type { Logger } from '#runtime/log/logger.js';
import { type ConnectionLimits, readConnectionLimits } from './connection-limits.js';
import { OpenRequests } from './open-requests.js';

export interface LimitConnectionsOptions {
  logger: Logger;
  /** Whose connections are many clients' and not counted by address. */
  isProxy(address: string): boolean;
  /** Absent = what the process's file descriptors allow. */
  limits?: ConnectionLimits;
  stalledAfterMs?: number;
}

/** Options of Fastify for every server of ours. */
export const serverOptions = {
  /** For a request to arrive as a whole, and of it the head. */
  requestTimeout: 60_000,
  http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
  // Requests on kept-alive connections are answered while the server closes.
  return503OnClosing: false,
  forceCloseConnections: 'idle' as const,
};

const STALLED_AFTER_MS = 30_000;
/** Pipelined requests that wait for their turn on one connection. */
const MAX_PIPELINED = 10;
/** Connections beyond the limit that are answered at a time. */
const MAX_REFUSED = 32;
const REFUSED_FOR_MS = 1_000;
/** Between warnings, as an attack would fill the log. */
const WARN_AGAIN_MS = 10_000;

/** Returns which peers are proxies, by TRUSTED_PROXIES. Behind a number of them every peer is one. */
export function proxyRule(trusted: TrafficConfig['trustedProxies']): (address: string) => boolean {
  if (!Array.isArray(trusted)) return () => Number(trusted) > 0;
  const list = new BlockList();
  const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');
  for (const entry of trusted) {
    const [address = '', bits] = entry.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return (address) => list.check(address, familyOf(address));
}

/** Connections in the order in which they became idle. */
class IdleFirst {
  readonly all = new Set<Socket>();
  readonly #idle = new Set<Socket>();

  add(socket: Socket): void {
    this.all.add(socket);
    this.#idle.add(socket);
  }

  setBusy(socket: Socket): void {
    this.#idle.delete(socket);
  }

  setIdle(socket: Socket): void {
    if (this.all.has(socket)) this.#idle.add(socket);
  }

  delete(socket: Socket): void {
    this.all.delete(socket);
    this.#idle.delete(socket);
  }

  /** Returns the one that has been idle for longest, whether it ever sent a request or not. */
  get longestIdle(): Socket | undefined {
    return this.#idle.values().next().value;
  }
}

/** Refuses a request before any other hook, and ends its connection with the answer. */
function refuseRequest(reply: FastifyReply, status: number, { message, code, retryAfter = 1 }: AppError): void {
  const { id: requestId, watch } = reply.request;
  if (watch) watch.errorCodes = [code];
  void reply
    .code(status)
    .headers({ connection: 'close', 'retry-after': retryAfter, 'x-request-id': requestId })
    .send({ errors: [{ message, extensions: { code, retryAfter, requestId } }] });
}

/**
 * Limits the connections of a server in all and by address: a new one takes the place of the one that has been idle for
 * longest, and is refused with 503 where none is. Ends connections whose answer makes no progress, and refuses more than ten
 * pipelined requests. To be called before any hook but that of `watchRequests` is added.
 */
export function limitConnections(app: FastifyInstance, options: LimitConnectionsOptions): void {
  const { logger, isProxy, stalledAfterMs = STALLED_AFTER_MS } = options;
  const requests = OpenRequests.of(app);
  const connections = new IdleFirst();
  const byAddress = new Map<string, IdleFirst>();
  const addressOf = new WeakMap<Socket, IdleFirst>();
  const refused = new Set<Socket>();
  let limits = options.limits;
  let warnedAt = Number.NEGATIVE_INFINITY;

  function refuse(socket: Socket, reason: string): void {
    if (performance.now() - warnedAt > WARN_AGAIN_MS) {
      warnedAt = performance.now();
      logger.warn({ connections: connections.all.size, ...limits }, `Connections refused: ${reason}`);
    }
    if (refused.size >= MAX_REFUSED) return void socket.destroy();
    refused.add(socket);
    // One turn later: after a pause of this process the request may be waiting to be read.
    const timer = setTimeout(() => setImmediate(() => socket.destroy()), REFUSED_FOR_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      refused.delete(socket);
    });
  }

  /** Whether there is room among these, after the one that has been idle for longest is ended if need be. */
  function hasRoom(among: IdleFirst, limit: number): boolean {
    if (among.all.size < limit) return true;
    const idle = among.longestIdle;
    if (!idle) return false;
    forget(idle);
    idle.destroy();
    return true;
  }

  function forget(socket: Socket): void {
    connections.delete(socket);
    addressOf.get(socket)?.delete(socket);
  }

  function accept(socket: Socket): void {
    const { remoteAddress } = socket;
    if (!remoteAddress) return;
    limits ??= readConnectionLimits();
    const key = isProxy(remoteAddress) ? undefined : addressKey(remoteAddress);
    const ofAddress = key === undefined ? undefined : (byAddress.get(key) ?? new IdleFirst());
    if (ofAddress && !hasRoom(ofAddress, limits.perAddress)) return void refuse(socket, 'too many of its address');
    if (!hasRoom(connections, limits.total)) return void refuse(socket, 'too many');
    connections.add(socket);
    if (key !== undefined && ofAddress) {
      byAddress.set(key, ofAddress);
      ofAddress.add(socket);
      addressOf.set(socket, ofAddress);
    }
    socket.once('close', () => {
      forget(socket);
      if (key !== undefined && ofAddress?.all.size === 0 && byAddress.get(key) === ofAddress) byAddress.delete(key);
    });
  }

  // Where the host has several addresses, Fastify has a server for each and shows one.
  const onConnection = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    const address = app.server.address() as AddressInfo | null;
    if (address?.port === socket.localPort) accept(socket);
  };
  subscribe('net.server.socket', onConnection);
  app.addHook('onClose', async () => void unsubscribe('net.server.socket', onConnection));

  requests.onBegin(({ raw: { socket } }) => {
    connections.setBusy(socket);
    addressOf.get(socket)?.setBusy(socket);
  });
  requests.onEnd(({ raw: { socket } }) => {
    if (requests.countOn(socket) > 0) return;
    connections.setIdle(socket);
    addressOf.get(socket)?.setIdle(socket);
  });

  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    if (refused.has(socket)) return refuseRequest(reply, 503, new ServiceUnavailable());
    if (requests.countOn(socket) > MAX_PIPELINED) {
      const message = `At most ${MAX_PIPELINED} requests may wait on one connection: read their answers first.`;
      return refuseRequest(reply, 429, new RateLimited(message, 1));
    }
    done();
  });
  // Node.js ends the connection when nothing moves in that time, and lifts the limit with the next request.
  app.addHook('onSend', ({ raw: { socket } }, _reply, payload, done) => {
    socket.setTimeout?.(stalledAfterMs);
    done(null, payload);
  });
}
