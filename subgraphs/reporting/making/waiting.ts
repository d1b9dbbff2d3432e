import type { Report } from '#reporting/entities/report.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { isUnavailable } from '#runtime/jobs/jobs.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** After so long something that is away is waited for no longer. */
const MAX_WAIT_MS = 24 * HOUR_MS;
/** For an account that the order allows to leave out. */
const MAX_WAIT_FOR_ACCOUNT_MS = 10 * MINUTE_MS;

const FIRST_RETRY_MS = 30 * SECOND_MS;
const MAX_RETRY_MS = 30 * MINUTE_MS;

/** A provider that keeps an account from being read now, and perhaps not later. */
export class AccountAway extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = 'AccountAway';
    this.code = code;
  }
}

type Waited = Pick<Report, 'waitingSince' | 'waits' | 'onUnavailable'>;

const hasWaited = ({ waitingSince }: Waited, now: Date, limitMs: number) =>
  waitingSince !== null && now.getTime() - waitingSince.getTime() >= limitMs;

/** Whether an account that is away is waited for: up to a day, or some minutes when the order allows to leave it out. */
export const mayWaitForAccount = (report: Waited, now: Date): boolean =>
  !hasWaited(report, now, report.onUnavailable === 'LEAVE_OUT' ? MAX_WAIT_FOR_ACCOUNT_MS : MAX_WAIT_MS);

/** Returns what a report that failed with an error waits for, and when it is tried again; null when waiting is of no use any more. */
export function waitingFor(
  report: Waited,
  error: unknown,
  now: Date,
): Pick<Report, 'waitingCode' | 'waitingMessage' | 'waitingSince' | 'retryAt' | 'waits'> | null {
  const isOfAccount = error instanceof AccountAway;
  if (!(isOfAccount || isUnavailable(error)) || hasWaited(report, now, MAX_WAIT_MS)) return null;
  // Errors of the connection name addresses of the installation.
  const known = isOfAccount || error instanceof GraphRequestFailed;
  const delayMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(report.waits, 10));
  return {
    waitingCode: known ? error.code : 'SUBGRAPH_UNAVAILABLE',
    waitingMessage: known ? error.message : 'A part of WebMetrics does not answer.',
    waitingSince: report.waitingSince ?? now,
    retryAt: new Date(now.getTime() + delayMs),
    waits: report.waits + 1,
  };
}
