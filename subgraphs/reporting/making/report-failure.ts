import type { UnavailableAccount } from '#reporting/entities/report.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { isRetryable, isUnavailableCode } from '#runtime/jobs/jobs.js';

/** Retries of a report. */
export const MAX_RETRIES = 5;

/** The last attempt; waiting is none, and a report replayed by an operator has one more. */
export const MAX_ATTEMPTS = MAX_RETRIES + 1;

/** Advice by code of errors that a retry does not mend. */
const ADVICE: Record<string, string> = {
  FORBIDDEN: 'Ask an administrator of your organization, then order the report again.',
  NOT_FOUND: 'Order the report again for clients and accounts that still exist.',
  BAD_USER_INPUT: 'Order the report again with other days or clients, or change its template.',
  RECONNECT_REQUIRED: 'Connect the provider again, then order the report again.',
  CONFIGURATION: 'Ask the operator of this installation, then order the report again.',
};

/** Of the organization's plan: no account has to be repaired, and no operator alerted. */
const CODES_OF_PLANS = new Set(['LIMIT_REACHED', 'SUBSCRIPTION_REQUIRED']);
const CHANGE_PLAN = 'Order the report again for what your plan includes, or change the plan.';

const TRY_LATER = 'Order the report again later.';
const LEAVE_OUT = 'Or order it with onUnavailable: LEAVE_OUT, which leaves such accounts out and names them.';
const NAMED_ACCOUNTS = 5;

/** Of a provider: not a matter for the operator. */
const CODES_OF_PROVIDERS = new Set(['PROVIDER_UNAVAILABLE', 'RATE_LIMITED']);

/**
 * Whether an account with days missing for this reason makes a report fail, unless it is to be left out: not one that has no figures any
 * more, as it was closed at its provider or the plan does not include it. That the report says, too.
 */
export const isFailing = (code: string): boolean => code in ADVICE || CODES_OF_PROVIDERS.has(code);

/** Whether a report without an account that is missing for this reason is as complete as it gets. */
export const isMissingForGood = (code: string | null): boolean =>
  code === 'ACCOUNT_CLOSED' || CODES_OF_PLANS.has(code ?? '');

/** Whether a failed report is a matter for the operator: not one of the user who ordered it, nor of a provider. */
export const isInternal = (code: string): boolean =>
  !(code in ADVICE || CODES_OF_PROVIDERS.has(code) || CODES_OF_PLANS.has(code));

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

/** A figure section of a report that covers no account. */
export class NoAccounts extends Error {
  override name = 'NoAccounts';
}

/** For the person who ordered the report. */
export interface ReportFailure {
  code: string;
  message: string;
}

/** Returns the failure of a report; null when the error is worth a retry, of which there are MAX_RETRIES. */
export function reportFailure(error: unknown, attempts: number): ReportFailure | null {
  if (error instanceof AccountsUnavailable) {
    return { code: error.code, message: `${error.message} ${ADVICE[error.code] ?? TRY_LATER} ${LEAVE_OUT}` };
  }
  if (error instanceof NoAccounts) return { code: 'NOT_FOUND', message: error.message };
  const isGraphError = error instanceof GraphRequestFailed;
  const ofPlan = isGraphError && CODES_OF_PLANS.has(error.code) ? CHANGE_PLAN : undefined;
  const advice = ofPlan ?? (isGraphError ? ADVICE[error.code] : undefined);
  const isLast = attempts >= MAX_ATTEMPTS || (isGraphError && isUnavailableCode(error.code));
  if (!advice && isRetryable(error) && !isLast) return null;
  // Other errors may name internals.
  if (!isGraphError) return { code: 'INTERNAL_SERVER_ERROR', message: `The report could not be made. ${TRY_LATER}` };
  return { code: error.code, message: `${sentence(error.message)} ${advice ?? TRY_LATER}` };
}
