import type { Notice } from '#runtime/alert.js';
import { scrub, scrubText } from './scrub.js';

export interface NoticeDescription {
  /** One line, with the number of repeats. */
  title: string;
  error: { name: string; message: string } | undefined;
  details: Record<string, unknown> | undefined;
}

/** Returns a notice as channels outside of the installation may show it. */
export function describeNotice({ alert, count }: Notice): NoticeDescription {
  const { category, message, error, details } = alert;
  const often = count > 1 ? ` (${count} times)` : '';
  const isError = error instanceof Error;
  return {
    title: `${category}: ${scrubText(message)}${often}`.replace(/\s+/g, ' '),
    error:
      error === undefined
        ? undefined
        : { name: isError ? error.name : typeof error, message: scrubText(isError ? error.message : String(error)) },
    details: details && (scrub(details) as Record<string, unknown>),
  };
}
