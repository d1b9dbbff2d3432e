import { AnswerTooLarge } from '#runtime/errors.js';
import { neutralize, shownText } from './neutralize.js';

/** Of one answer as JSON. The result has it twice: as text and as structured content. */
export const MAX_ANSWER_BYTES = 48 * 1024;
/** Of lists within an answer; the rows of a page have a limit of their own. */
const MAX_LIST_LENGTH = 50;

const escapes: Record<string, string> = { '<': '\\u003c', '>': '\\u003e' };

/** Returns a value as JSON without angle brackets, so that no text in it can end the element around it. */
export function printJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>]/g, (bracket) => escapes[bracket] ?? bracket);
}

const bytesOf = (value: unknown) => Buffer.byteLength(printJson(value));

/** An answer that may be shown to a model, and what was left out of it. */
export interface BoundedAnswer {
  answer: Record<string, unknown>;
  /** Sentences for the model. */
  omitted: string[];
}

/**
 * Returns an answer without hidden characters, with long texts cut, and with lists of at most MAX_LIST_LENGTH items, except for
 * the rows at the path `rows`.
 */
export function boundAnswer(given: object, rows: string | undefined): BoundedAnswer {
  const omitted = new Set<string>();
  const bound = (value: unknown, path: string): unknown => {
    if (typeof value === 'string') return shownText(value);
    if (Array.isArray(value)) {
      const isWhole = path === rows || value.length <= MAX_LIST_LENGTH;
      if (!isWhole) omitted.add(`${path} has ${value.length} items, of which the first ${MAX_LIST_LENGTH} are here.`);
      return (isWhole ? value : value.slice(0, MAX_LIST_LENGTH)).map((item) => bound(item, `${path}[]`));
    }
    if (typeof value !== 'object' || value === null) return value;
    const parts = Object.entries(value).map(([name, part]) => [
      neutralize(name),
      bound(part, path ? `${path}.${name}` : name),
    ]);
    return Object.fromEntries(parts);
  };
  const answer = bound(given, '') as Record<string, unknown>;
  return { answer, omitted: [...omitted] };
}

/** Returns how many of its rows an answer may have within MAX_ANSWER_BYTES; at least one. */
export function countFitting(answer: object, rows: readonly unknown[]): number {
  const sizes = rows.map((row) => bytesOf(row) + 1);
  let left = MAX_ANSWER_BYTES - bytesOf(answer) + sizes.reduce((sum, size) => sum + size, 0);
  const fitting = sizes.findIndex((size) => {
    left -= size;
    return left < 0;
  });
  return fitting < 0 ? rows.length : Math.max(1, fitting);
}

/** Throws ANSWER_TOO_LARGE for an answer of more than MAX_ANSWER_BYTES. */
export function requireFitting(answer: object): void {
  if (bytesOf(answer) > MAX_ANSWER_BYTES) throw new AnswerTooLarge('The answer', MAX_ANSWER_BYTES);
}
