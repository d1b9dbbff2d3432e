import { TimeoutError } from 'es-toolkit/error';
import { withTimeout } from 'es-toolkit/promise';

/** A status by part; null = not known, for the reason in `unknown`. */
export type Parts<T> = { [Name in keyof T]: T[Name] | null } & { unknown: Record<string, string> };

const PART_TIMEOUT_MS = 1_500;

/**
 * Reads the parts of a status concurrently, each with a timeout: one that hangs or fails does not affect the others. The
 * error itself does not leave this process.
 */
export async function readParts<T extends object>(
  readers: { [Name in keyof T]: () => Promise<T[Name]> },
  timeoutMs = PART_TIMEOUT_MS,
): Promise<Parts<T>> {
  const unknown: Record<string, string> = {};
  const read = async ([name, reader]: [string, () => Promise<unknown>]) => {
    try {
      return [name, await withTimeout(reader, timeoutMs)] as const;
    } catch (error) {
      unknown[name] = error instanceof TimeoutError ? 'no answer in time' : 'cannot be read';
      return [name, null] as const;
    }
  };
  const entries = Object.entries(readers) as [string, () => Promise<unknown>][];
  return { ...Object.fromEntries(await Promise.all(entries.map(read))), unknown } as Parts<T>;
}
