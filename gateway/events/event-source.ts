import { createHash } from 'node:crypto';
import { Forbidden, NotFound } from '#runtime/errors.js';

/** What a stream of events reports: a state, read by a trusted operation at intervals. */
export interface EventSource {
  /** With parameters in braces, which are the operation's variables. */
  path: string;
  /** The same stream, for what is not a program of REST. */
  alias?: string;
  /** The name of its events. */
  event: string;
  /** A name in `schema/operations`. */
  operation: string;
  /** Returns the state in the operation's data. Throws when there is none. */
  stateOf(data: Record<string, unknown>): object;
  /** Whether no other state follows: the stream ends. */
  isLast(state: object): boolean;
  /** Between reads after a change; while nothing changes the interval grows to `longestMs`. */
  shortestMs: number;
  longestMs: number;
}

/** A state as it was read. */
export interface Snapshot {
  /** Derived from the state, the same in every process: a client that names it has this state. */
  id: string;
  /** JSON, on one line. */
  data: string;
  isLast: boolean;
  /** When the read began, as of `performance.now()`. */
  readAt: number;
}

/** Returns the state in an operation's data as a snapshot. */
export function snapshotOf(source: EventSource, data: Record<string, unknown>, readAt: number): Snapshot {
  const state = source.stateOf(data);
  const json = JSON.stringify(state);
  const id = createHash('sha256').update(json).digest('base64url').slice(0, 16);
  return { id, data: json, isLast: source.isLast(state), readAt };
}

interface ReportState {
  status: 'QUEUED' | 'RUNNING' | 'WAITING' | 'READY' | 'FAILED' | 'CANCELLED' | 'EXPIRED';
}

/** Every stream of events. */
export const eventSources: readonly EventSource[] = [
  {
    path: '/api/reports/{id}/events',
    alias: '/reports/{id}/events',
    event: 'report',
    operation: 'WatchReport',
    stateOf: ({ report }) => {
      if (!report) throw new NotFound('report');
      return report;
    },
    isLast: (state) => ['READY', 'FAILED', 'CANCELLED', 'EXPIRED'].includes((state as ReportState).status),
    shortestMs: 1_000,
    longestMs: 5_000,
  },
  {
    path: '/api/connections/events',
    event: 'connectionHealth',
    operation: 'WatchConnectionHealth',
    stateOf: ({ organization }) => {
      const { connectionHealth } = (organization ?? {}) as { connectionHealth?: object };
      if (!connectionHealth) throw new Forbidden('You belong to no organization.');
      return connectionHealth;
    },
    isLast: () => false,
    shortestMs: 3_000,
    longestMs: 15_000,
  },
];
