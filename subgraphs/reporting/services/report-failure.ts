import { GraphRequestFailed } from '#runtime/http/graph-client.js';

/** How often the making of a report is tried again. */
export const MAX_RETRIES = 5;

const MAX_ATTEMPTS = MAX_RETRIES + 1;

/** What a person can do about errors that trying again does not mend. */
const ADVICE: Record<string, string> = {
  FORBIDDEN: 'Ask an administrator of your organization, then order the report again.',
  NOT_FOUND: 'Order the report again for clients and accounts that still exist.',
  BAD_USER_INPUT: 'Order the report again with other days or clients.',
  RECONNECT_REQUIRED: 'Connect the provider again, then order the report again.',
};

const TRY_LATER = 'Order the report again later.';

/** Why a report cannot be made, for the person who ordered it. */
export interface ReportFailure {
  code: string;
  message: string;
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Returns why the report must be given up after this error, or null when it is worth another attempt. */
export function reportFailure(error: unknown, attempts: number): ReportFailure | null {
  const isGraphs = error instanceof GraphRequestFailed;
  const advice = isGraphs ? ADVICE[error.code] : undefined;
  if (!advice && attempts < MAX_ATTEMPTS) return null;
  // Any other error speaks to us, not to the person, and may name what is none of theirs.
  if (!isGraphs) return { code: 'INTERNAL_SERVER_ERROR', message: `The report could not be made. ${TRY_LATER}` };
  return { code: error.code, message: `${sentence(error.message)} ${advice ?? TRY_LATER}` };
}
