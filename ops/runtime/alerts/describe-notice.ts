import type { Notice } from '#runtime/alert.js';
import { runbookPath } from './runbooks.js';
import { scrub, scrubText } from './scrub.js';

export interface NoticeDescription {
  /** One line, with the number of repeats. */
  title: string;
  error: { name: string; message: string } | undefined;
  details: Record<string, unknown> | undefined;
  /** "2026-11-22T22:09:35Z", or "from … to …" where it happened more than once. */
  times: string;
  /** "Reported by worker on host-1 (host-1/4711)." */
  source: string;
  /** Where the page about it is. */
  runbook: string;
}

function timesOf({ firstAt, lastAt }: Notice): string {
  const [first, last] = [firstAt.toISOString(), lastAt.toISOString()];
  return first === last ? first : `from ${first} to ${last}`;
}

/** Returns a notice as channels outside of the installation may show it. */
export function describeNotice(notice: Notice): NoticeDescription {
  const { alert, count, status, source } = notice;
  const { category, message, error, details } = alert;
  const often = count > 1 && !status ? ` (${count} times)` : '';
  const isError = error instanceof Error;
  return {
    title: `${category}: ${scrubText(message)}${often}`.replace(/\s+/g, ' '),
    error:
      error === undefined
        ? undefined
        : { name: isError ? error.name : typeof error, message: scrubText(isError ? error.message : String(error)) },
    details: details && (scrub(details) as Record<string, unknown>),
    times: timesOf(notice),
    source: `Reported by ${source.program} on ${source.host} (${source.instance}).`,
    runbook: runbookPath(alert.runbook),
  };
}
