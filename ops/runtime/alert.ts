import type { Runbook } from './alerts/runbooks.js';
import type { ProcessIdentity } from './process/process-identity.js';

export type AlertCategory = 'auth' | 'database' | 'integration' | 'oauth' | 'payment' | 'job' | 'internal';

/** A problem that needs an operator's attention now. */
export interface Alert {
  category: AlertCategory;
  /** Alerts with the same category and key are grouped as one problem. */
  key: string;
  /** The page that says how to look and how to mend: `ops/runbooks/<runbook>.md`. */
  runbook: Runbook;
  /** The event, its subject, and what to do. */
  message: string;
  error?: unknown;
  requestId?: string;
  organizationId?: string;
  details?: Record<string, unknown>;
  /** Who raises it writes the log line: one for each event, where an alert is one for a group. */
  isLogged?: true;
  /** A condition that is watched says the same: where this process watches, the event is in the log only. */
  isWatched?: true;
}

/** Notifies operators. Never throws, and never makes its caller wait. */
export interface Alerts {
  raise(alert: Alert): void;
  /** Sends pending notices, within five seconds. */
  close(): Promise<void>;
}

export interface Notice {
  /** The last of the group. */
  alert: Alert;
  /** Since the last notice of the problem. */
  count: number;
  /** When the first and the last of them happened. */
  firstAt: Date;
  lastAt: Date;
  /** Of a condition that lasts: that it began, still holds, or is over. Absent = the problem is an event. */
  status?: 'raised' | 'repeated' | 'resolved';
  /** The process that found it. */
  source: ProcessIdentity;
}

/** The events of all processes. */
export interface EventGroups {
  /** Returns what is to be reported now, if anything, and when what is left is to be claimed, by a notice of no event. */
  claim(notice: Notice): Promise<{ due: Notice | undefined; retryAt: number }>;
}

/** Notifies operators of what a watch has found. */
export interface Notices {
  /** Sends a notice, which is not grouped. Never throws, and never makes its caller wait. */
  notify(notice: Notice): void;
  /**
   * From now on the events that a watched condition says as well are in the log only, and others are reported once for all processes that
   * `events` knows of.
   */
  beginWatch(events: EventGroups): void;
}

export interface AlertChannel {
  name: string;
  /** Problems per minute; the others become one notice. */
  maxPerMinute: number;
  /** Whether it is the log, which has every event. */
  isLog?: true;
  /** Resolves once the notice is delivered. */
  send(notice: Notice): Promise<void>;
  close?(): Promise<void> | void;
}
