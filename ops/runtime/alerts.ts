import type { Logger } from './logger.js';

/** The part of WebMetrics an alert is about. */
export type AlertCategory = 'auth' | 'database' | 'integration' | 'oauth' | 'payment' | 'job' | 'internal';

/** Something an operator should know of now. */
export interface Alert {
  category: AlertCategory;
  /** Alerts with the same key are one problem: they are grouped, however often it happens. */
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
  /** Sends what is still waiting. */
  close(): Promise<void>;
}

/** Opens the ways to reach operators. */
export function openAlerts({ logger }: { logger: Logger }): Alerts {
  return {
    raise: ({ error, message, ...alert }) => logger.error({ err: error, ...alert }, message),
    close: async () => {},
  };
}
