import { jest } from '@jest/globals';
import pg from 'pg';

/** The texts of statements by their form: lists of parameters of any length are one form. */
export type RecordedStatements = Map<string, string>;

const formOf = (text: string) => text.replace(/\$\d+(?:::\w+)?(?:,\s*\$\d+(?:::\w+)?)+/g, '$n').replace(/\s+/g, ' ');

/** Calls `record` with each statement that reaches PostgreSQL from this process until the test file ends. */
function watchStatements(record: (text: string) => void): void {
  const query = pg.Client.prototype.query as (...all: unknown[]) => unknown;
  jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function watch(this: pg.Client, ...all: unknown[]) {
    const [first] = all;
    const text = typeof first === 'string' ? first : (first as { text?: unknown } | null)?.text;
    if (typeof text === 'string') record(text);
    return query.apply(this, all);
  } as never);
}

/** Records the statements that reach PostgreSQL from this process until the test file ends. */
export function recordStatements(): RecordedStatements {
  const recorded: RecordedStatements = new Map();
  watchStatements((text) => void recorded.set(formOf(text), text));
  return recorded;
}

/** Records each statement that reaches PostgreSQL from this process, in order, until the test file ends. */
export function recordEachStatement(): string[] {
  const recorded: string[] = [];
  watchStatements((text) => void recorded.push(text));
  return recorded;
}
