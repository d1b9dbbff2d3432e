export type AlertCategory = 'auth' | 'database' | 'integration' | 'oauth' | 'payment' | 'job' | 'internal';

/** A problem that needs an operator's attention now. */
export interface Alert {
  category: AlertCategory;
  /** Alerts with the same category and key are grouped as one problem. */
  key: string;
  /** The event, its subject, and what to do. */
  message: string;
  error?: unknown;
  requestId?: string;
  organizationId?: string;
  details?: Record<string, unknown>;
  /** Who raises it writes the log line: one for each event, where an alert is one for a group. */
  isLogged?: true;
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
  at: Date;
}

export interface AlertChannel {
  name: string;
  /** Problems per minute; the others become one notice. */
  maxPerMinute: number;
  /** Resolves once the notice is delivered. */
  send(notice: Notice): Promise<void>;
  close?(): Promise<void> | void;
}
