import { jest } from '@jest/globals';
import pg from 'pg';

/** The texts of statements by their form: lists of parameters of any length are one form. */
export type RecordedStatements = Map<string, string>;

const formOf = (text: string) => text.replace(/\$\d+(?:::\w+)?(?:,\s*\$\d+(?:::\w+)?)+/g, '$n').replace(/\s+/g, ' ');

/** Records the statements that reach PostgreSQL from this process until the test file ends. */
export function recordStatements(): RecordedStatements {
  const recorded: RecordedStatements = new Map();
  const query = pg.Client.prototype.query as (...all: unknown[]) => unknown;
  jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function record(this: pg.Client, ...all: unknown[]) {
    const [first] = all;
    const text = typeof first === 'string' ? first : (first as { text?: unknown } | null)?.text;
    if (typeof text === 'string') recorded.set(formOf(text), text);
    return query.apply(this, all);
  } as never);
  return recorded;
}
