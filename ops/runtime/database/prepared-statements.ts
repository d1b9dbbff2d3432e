import { createHash } from 'node:crypto';

const names = new Map<string, string>();

/**
 * Has each connection parse and plan a statement once, not every time it is sent. For the few that most requests send, and whose text
 * is constant: nothing that is prepared is forgotten before its connection ends. Returns the text.
 */
export function prepared(text: string): string {
  names.set(text, `webmetrics_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`);
  return text;
}

/** Returns under which name a statement is prepared; undefined = it is not. */
export const preparedName = (text: unknown): string | undefined =>
  typeof text === 'string' ? names.get(text) : undefined;

/**
 * Whether a connection cannot run what it has prepared: a migration changed the type of a result (feature_not_supported), or a pooler
 * gave it another server process (invalid_sql_statement_name, duplicate_prepared_statement). None of these has run anything.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isUnprepared(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === '0A000' || code === '26000' || code === '42P05';
}
