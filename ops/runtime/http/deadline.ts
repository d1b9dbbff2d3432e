import type { IncomingHttpHeaders } from 'node:http';

/** The header with the milliseconds that a part of WebMetrics waits for the answer of another. */
export const DEADLINE_HEADER = 'x-deadline-ms';

/** Returns the milliseconds left for a request of another part; undefined without the header, or with another value in it. */
export function deadlineIn(headers: IncomingHttpHeaders): number | undefined {
  const text = String(headers[DEADLINE_HEADER] ?? '');
  return /^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined;
}
