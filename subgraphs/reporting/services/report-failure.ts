import type { UnavailableAccount } from '#reporting/entities/report.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { isRetryable } from '#runtime/jobs/jobs.js';

/** Retries of a report. */
export const MAX_RETRIES = 5;

/** The last attempt; a report replayed by an operator has one more. */
export const MAX_ATTEMPTS = MAX_RETRIES + 1;

/** Advice by code of errors that a retry does not mend. */
const ADVICE: Record<string, string> = {
  FORBIDDEN: 'Ask an administrator of your organization, then order the report again.',
  NOT_FOUND: 'Order the report again for clients and accounts that still exist.',
  BAD_USER_INPUT: 'Order the report again with other days or clients.',
  RECONNECT_REQUIRED: 'Connect the provider again, then order the report again.',
  CONFIGURATION: 'Ask the operator of this installation, then order the report again.',
};

const TRY_LATER = 'Order the report again later.';
const LEAVE_OUT = 'Or order it with onUnavailable: LEAVE_OUT, which leaves such accounts out and names them.';
const NAMED_ACCOUNTS = 5;

/** What one account may answer without the others; with a path that begins at the account. */
const CODES_OF_ACCOUNT = new Set([
  'FORBIDDEN',
  'NOT_FOUND',
  'RECONNECT_REQUIRED',
  'CONFIGURATION',
  'PROVIDER_UNAVAILABLE',
  'RATE_LIMITED',
]);

/** Whether a failure is that of one account. */
export const isOfAccount = ({ code }: GraphRequestFailed): boolean => CODES_OF_ACCOUNT.has(code);

/** Whether no retry mends a failure of the graph. */
export const isPermanent = ({ code }: GraphRequestFailed): boolean => code in ADVICE;

/** Whether a failed report is a matter for the operator: not one of the user who ordered it, nor of a provider. */
export const isInternal = (code: string): boolean => !(code in ADVICE || CODES_OF_ACCOUNT.has(code));

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

function describeAccounts(accounts: UnavailableAccount[]): string {
  const named = accounts.slice(0, NAMED_ACCOUNTS);
  const lines = named.map(({ name, provider, message }) => `${name} (${provider}): ${sentence(message)}`);
  const others = accounts.length - named.length;
  return [...lines, ...(others > 0 ? [`${others} more accounts.`] : [])].join(' ');
}

/** Accounts that cannot be read, each with its reason, and make a report fail. */
export class AccountsUnavailable extends Error {
  readonly accounts: UnavailableAccount[];
  /** That of the first account. */
  readonly code: string;

  constructor(accounts: UnavailableAccount[]) {
    super(describeAccounts(accounts));
    this.name = 'AccountsUnavailable';
    this.accounts = accounts;
    this.code = accounts[0]?.code ?? 'FORBIDDEN';
  }
}

/** For the person who ordered the report. */
export interface ReportFailure {
  code: string;
  message: string;
}

/** Returns the failure of a report; null when the error is worth a retry. */
export function reportFailure(error: unknown, attempts: number): ReportFailure | null {
  if (error instanceof AccountsUnavailable) {
    return { code: error.code, message: `${error.message} ${ADVICE[error.code] ?? TRY_LATER} ${LEAVE_OUT}` };
  }
  const isGraphError = error instanceof GraphRequestFailed;
  const advice = isGraphError ? ADVICE[error.code] : undefined;
  if (!advice && isRetryable(error) && attempts < MAX_ATTEMPTS) return null;
  // Other errors may name internals.
  if (!isGraphError) return { code: 'INTERNAL_SERVER_ERROR', message: `The report could not be made. ${TRY_LATER}` };
  return { code: error.code, message: `${sentence(error.message)} ${advice ?? TRY_LATER}` };
}
