import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';

type Listener = (request: FastifyRequest) => void;

const ofServer = new WeakMap<FastifyInstance, OpenRequests>();

/**
 * The requests a server is answering, by connection. A request ends with its response or with its connection: when a client
 * disconnects, Node.js reports that to the first of pipelined responses only.
 */
export class OpenRequests {
  readonly #bySocket = new Map<Socket, Set<FastifyRequest>>();
  readonly #watched = new WeakSet<Socket>();
  readonly #beginListeners: Listener[] = [];
  readonly #endListeners: Listener[] = [];
  readonly #whenEmpty: (() => void)[] = [];

  private constructor(app: FastifyInstance) {
    app.addHook('onRequest', (request, reply, done) => {
      this.#add(request);
      reply.raw.once('close', () => this.#end(request));
      for (const listener of this.#beginListeners) listener(request);
      done();
    });
  }

  /** Returns those of a server. Requests are seen from the first call on, so that hooks added later can rely on it. */
  static of(app: FastifyInstance): OpenRequests {
    const known = ofServer.get(app) ?? new OpenRequests(app);
    ofServer.set(app, known);
    return known;
  }

  /** Calls `listener` with each request before any later hook. */
  onBegin(listener: Listener): void {
    this.#beginListeners.push(listener);
  }

  /** Calls `listener` once with each request that was answered or whose connection closed. */
  onEnd(listener: Listener): void {
    this.#endListeners.push(listener);
  }

  /** Returns how many requests of a connection are being answered. */
  countOn(socket: Socket): number {
    return this.#bySocket.get(socket)?.size ?? 0;
  }

  /** How many requests are being answered. */
  get count(): number {
    return [...this.#bySocket.values()].reduce((sum, requests) => sum + requests.size, 0);
  }

  isEmpty(): boolean {
    return this.#bySocket.size === 0;
  }

  /** Resolves once no request is being answered. */
  async empty(): Promise<void> {
    if (this.isEmpty()) return;
    await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
  }

  /** Ends the connections with requests, and returns those requests. */
  cut(): FastifyRequest[] {
    const requests = [...this.#bySocket.values()].flatMap((ofSocket) => [...ofSocket]);
    for (const socket of [...this.#bySocket.keys()]) socket.destroy();
    return requests;
  }

  #add(request: FastifyRequest): void {
    const { socket } = request.raw;
    const requests = this.#bySocket.get(socket) ?? new Set();
    this.#bySocket.set(socket, requests.add(request));
    if (socket.destroyed) setImmediate(() => this.#endAll(socket));
    if (this.#watched.has(socket)) return;
    this.#watched.add(socket);
    socket.once('close', () => this.#endAll(socket));
  }

  #endAll(socket: Socket): void {
    for (const request of this.#bySocket.get(socket) ?? []) this.#end(request);
  }

  #end(request: FastifyRequest): void {
    const { socket } = request.raw;
    const requests = this.#bySocket.get(socket);
    if (!requests?.delete(request)) return;
    if (requests.size === 0) this.#bySocket.delete(socket);
    for (const listener of this.#endListeners) listener(request);
    if (this.isEmpty()) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}
