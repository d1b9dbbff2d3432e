import { readdirSync, readFileSync } from 'node:fs';

/** How many connections a server holds. */
export interface ConnectionLimits {
  total: number;
  perAddress: number;
}

/** Beyond that, memory runs out before descriptors do. */
const MOST_CONNECTIONS = 10_000;
const FEWEST_CONNECTIONS = 16;
/** Descriptors for pools, outgoing connections and files that are opened later; of small limits, a third. */
const RESERVED_DESCRIPTORS = 256;
const MOST_PER_ADDRESS = 256;

/** Returns the limits for a process that has `limit` descriptors, of which `open` are in use. */
export function connectionLimitsFor(limit: number | undefined, open: number): ConnectionLimits {
  if (limit === undefined) return { total: MOST_CONNECTIONS, perAddress: MOST_PER_ADDRESS };
  const left = limit - open - Math.min(RESERVED_DESCRIPTORS, Math.ceil(limit / 3));
  const total = Math.min(Math.max(left, FEWEST_CONNECTIONS), MOST_CONNECTIONS);
  return { total, perAddress: Math.min(Math.ceil(total / 4), MOST_PER_ADDRESS) };
}

/** Returns the limits of this process, which leave descriptors for everything else it opens; where Linux lists them. */
export function readConnectionLimits(): ConnectionLimits {
  try {
    // proc(5): the soft limit, which Node.js raises to the hard one.
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return connectionLimitsFor(limit ? Number(limit) : undefined, readdirSync('/proc/self/fd').length);
  } catch {
    return connectionLimitsFor(undefined, 0);
  }
}
