/** The part of WebMetrics an alert is about. */
export type AlertCategory = 'auth' | 'database' | 'integration' | 'oauth' | 'payment' | 'job' | 'internal';

/** Something an operator should know of now. */
export interface Alert {
  category: AlertCategory;
  /** Alerts with the same category and key are one problem: they are grouped, however often it happens. */
  key: string;
  /** What happened, to which thing, and what to do. */
  message: string;
  error?: unknown;
  requestId?: string;
  organizationId?: string;
  details?: Record<string, unknown>;
}

/** Tells operators. Never throws and never makes its caller wait. */
export interface Alerts {
  raise(alert: Alert): void;
  /** Sends what is still waiting, within five seconds. */
  close(): Promise<void>;
}

/** What operators are told about one problem at a time. */
export interface Notice {
  /** The last one of these. */
  alert: Alert;
  /** How often it happened since the last notice about it. */
  count: number;
  at: Date;
}

/** A way to reach operators. */
export interface AlertChannel {
  name: string;
  /** Different problems a minute; what is more becomes one notice. */
  maxPerMinute: number;
  /** Resolves once operators can see it, and throws when they cannot. */
  send(notice: Notice): Promise<void>;
  close?(): Promise<void> | void;
}
