import type { Notice } from '#runtime/alert.js';
import { scrub, scrubText } from './scrub.js';

/** A notice in words and plain data, without secrets. */
export interface NoticeDescription {
  /** One line: what happened, and how often. */
  title: string;
  error: { name: string; message: string } | undefined;
  details: Record<string, unknown> | undefined;
}

/** Returns what a channel may say about a notice. */
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
