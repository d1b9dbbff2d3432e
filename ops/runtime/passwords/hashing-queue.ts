import PQueue from 'p-queue';
import { AppError, RateLimited, ServiceUnavailable } from '#runtime/errors.js';
import { addressKey } from '#runtime/identity/address-key.js';
import type { Identity } from '#runtime/identity/identity.js';
import { currentScope } from '#runtime/scope/scope.js';

// A hash occupies one of libuv's four threads for 270 ms: with all of them taken, new database connections time out.
const AT_ONCE = 2;
/** About ten seconds of work. */
const MAX_WAITING = 100;
/** About two seconds of work: people behind one address may all come at nine o'clock. */
const MAX_OF_CLIENT = 20;

const queue = new PQueue({ concurrency: AT_ONCE });
/** Hashes that wait or are computed, by client. */
const open = new Map<string, number>();

/** Returns what a caller is counted under: their account, else their network. */
function clientKeyOf({ userId, client }: Identity): string {
  if (userId) return `user ${userId}`;
  return client ? `network ${addressKey(client.address)}` : 'unknown';
}

/** Returns a signal that ends the wait when the request does, but not the work once begun. */
function waitingSignal(): { signal: AbortSignal; begin(): void } {
  const { signal: request } = currentScope();
  const waiting = new AbortController();
  const end = () => waiting.abort(new AppError('The client has disconnected.', 'SERVICE_UNAVAILABLE'));
  if (request?.aborted) end();
  request?.addEventListener('abort', end, { once: true });
  return { signal: waiting.signal, begin: () => request?.removeEventListener('abort', end) };
}

/**
 * Computes a hash in turn: clients alternate, whatever the number of their requests, and what waits for a client that
 * disconnected is dropped. Throws RateLimited when this client has too many waiting, ServiceUnavailable when all have.
 */
export async function hashInTurn<Result>(
  { identity }: { identity: Identity },
  { work }: { work: () => Promise<Result> },
): Promise<Result> {
  const client = clientKeyOf(identity);
  const ofClient = open.get(client) ?? 0;
  if (ofClient >= MAX_OF_CLIENT) throw new RateLimited('Too many of your passwords are being checked: wait.', 2);
  if (queue.size >= MAX_WAITING) throw new ServiceUnavailable();
  const { signal, begin } = waitingSignal();
  open.set(client, ofClient + 1);
  try {
    // A client's second hash comes after the first of all others.
    return await queue.add(
      () => {
        begin();
        return work();
      },
      { priority: -ofClient, signal },
    );
  } finally {
    begin();
    const left = (open.get(client) ?? 1) - 1;
    if (left > 0) open.set(client, left);
    else open.delete(client);
  }
}
