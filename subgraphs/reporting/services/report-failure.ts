import { GraphRequestFailed } from '#runtime/http/graph-client.js';

/** Retries of a report. */
export const MAX_RETRIES = 5;

const MAX_ATTEMPTS = MAX_RETRIES + 1;

/** Advice by code of errors that a retry does not mend. */
const ADVICE: Record<string, string> = {
  FORBIDDEN: 'Ask an administrator of your organization, then order the report again.',
  NOT_FOUND: 'Order the report again for clients and accounts that still exist.',
  BAD_USER_INPUT: 'Order the report again with other days or clients.',
  RECONNECT_REQUIRED: 'Connect the provider again, then order the report again.',
};

const TRY_LATER = 'Order the report again later.';

/** For the person who ordered the report. */
export interface ReportFailure {
  code: string;
  message: string;
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Returns the failure of a report; null when the error is worth a retry. */
export function reportFailure(error: unknown, attempts: number): ReportFailure | null {
  const isGraphError = error instanceof GraphRequestFailed;
  const advice = isGraphError ? ADVICE[error.code] : undefined;
  if (!advice && attempts < MAX_ATTEMPTS) return null;
  // Other errors may name internals.
  if (!isGraphError) return { code: 'INTERNAL_SERVER_ERROR', message: `The report could not be made. ${TRY_LATER}` };
  return { code: error.code, message: `${sentence(error.message)} ${advice ?? TRY_LATER}` };
}
