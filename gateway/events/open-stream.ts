import type { Readable } from 'node:stream';
import { describeFailure } from '#gateway/http/describe-failure.js';
import { problemOf } from '#gateway/http/problem.js';
import { AppError, Forbidden } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { EventBody } from './event-body.js';
import type { Snapshot } from './event-source.js';
import { isTemporary, type Listener, type SharedReads, type SharedState } from './shared-reads.js';

export interface StreamOptions {
  /** The name of its events. */
  event: string;
  state: SharedState;
  identity: Identity;
  /** The state at the start, and the one the client had before. */
  first: Snapshot;
  lastEventId: string | undefined;
  reads: SharedReads;
  /** Authenticates the caller again. */
  readIdentity(): Promise<Identity>;
  /** Returns the key of `state` for these rights. */
  keyOf(identity: Identity): string;
  logger: Logger;
  heartbeatMs?: number;
}

/** A stream that was opened. */
export interface OpenedStream {
  /** Closes when nothing is left to send, or the client has disconnected. */
  body: Readable;
  /** Ends it; the client connects again, and elsewhere. */
  end(): void;
}

/** Between checks of the caller's rights while nothing happens; proxies close connections that are idle for a minute. */
const HEARTBEAT_MS = 15_000;
/** How old they may be when an event is sent, as for requests (`SESSION_IDENTITY_TTL_MS`). */
const RIGHTS_TTL_MS = 10_000;
/** Checks in a row that could not be made. */
const MAX_UNCHECKED = 4;

/**
 * Opens a stream of the changes of a state. It ends with the last state, when the caller's credentials or rights end – with an
 * event named `error` –, when the client disconnects and by `end`.
 */
export function openStream(options: StreamOptions): OpenedStream {
  const { event, state, first, reads, readIdentity, keyOf, logger, heartbeatMs = HEARTBEAT_MS } = options;
  const body = new EventBody();
  let { identity, lastEventId: sentId } = options;
  let waiting: Snapshot | undefined;
  let checkedAt = performance.now();
  let unchecked = 0;
  let isDelivering = false;
  let isOpen = true;

  const listener: Listener = {
    identity: () => identity,
    joinedAt: performance.now(),
    onState: (snapshot) => {
      waiting = snapshot;
      void deliver();
    },
    onFailure: fail,
  };
  const leave = reads.join(state, listener);
  const heartbeat = setInterval(() => void check().then((isAllowed) => isAllowed && body.heartbeat()), heartbeatMs);

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    clearInterval(heartbeat);
    leave();
  }

  function end(): void {
    close();
    body.end();
  }

  function fail(error: AppError): void {
    if (!isOpen) return;
    const { status, body: failure } = describeFailure(error, identity.requestId, logger);
    body.event('error', JSON.stringify(problemOf(failure.errors[0], status)));
    end();
  }

  /** Whether the stream may go on: ends it otherwise. */
  async function check(): Promise<boolean> {
    try {
      const now = await readIdentity();
      if (keyOf(now) !== state.key) throw new Forbidden('Your rights have changed: open the stream again.');
      identity = now;
      checkedAt = performance.now();
      unchecked = 0;
    } catch (error) {
      const failure = error instanceof AppError ? error : new AppError('Internal error', 'INTERNAL_SERVER_ERROR');
      unchecked += 1;
      if (!isTemporary(failure) || unchecked >= MAX_UNCHECKED) fail(failure);
      return false;
    }
    return isOpen;
  }

  async function deliver(): Promise<void> {
    if (isDelivering) return;
    isDelivering = true;
    while (isOpen && waiting) {
      if (waiting.id !== sentId && performance.now() - checkedAt > RIGHTS_TTL_MS && !(await check())) break;
      const { id, data, isLast } = waiting;
      waiting = undefined;
      if (id !== sentId) body.event(event, data, id);
      sentId = id;
      if (isLast) end();
    }
    isDelivering = false;
  }

  body.once('close', close);
  listener.onState(first);
  return { body, end };
}
