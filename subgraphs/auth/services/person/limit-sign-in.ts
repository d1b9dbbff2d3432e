import { partition } from 'es-toolkit/array';
import type { ServiceContext } from '#auth/context.js';
import type { RateLimit } from '#runtime/cache/rate-limit.js';
import { RateLimited, ServiceUnavailable } from '#runtime/errors.js';
import { addressKey } from '#runtime/identity/address-key.js';
import type { Client } from '#runtime/identity/identity.js';
import { accountKey, knownDevice } from './device-token.js';

type Limiting = Pick<ServiceContext, 'services'>;

const WINDOW_SECONDS = 15 * 60;
/** The limit of all accounts from one network, or of all networks to one account, as a multiple. */
const SHARED_FACTOR = 10;

export interface SignInAttempt {
  email: string;
  deviceToken?: string | null;
  /** The account's; undefined when there is none, and no device is known. */
  passwordHash?: string;
  /** Set when a session re-authenticates. */
  sessionId?: string;
  client?: Client;
}

interface Count {
  limit: RateLimit;
  key: string;
  /** Whether it counts right passwords instead of wrong ones. */
  ofSuccesses?: boolean;
}

/**
 * The counters of an attempt. Known devices and sessions have their own, so that strangers cannot lock the owner out
 * (OWASP: device cookies), and share one limit, as a thief may have created many.
 */
async function countsOf(context: Limiting, attempt: SignInAttempt): Promise<Count[]> {
  const { config, rateLimits } = context.services;
  const { email, sessionId, client } = attempt;
  const points = config.traffic.signInLimit;
  if (points === 0) return [];
  const open = (name: string, factor: number) =>
    rateLimits.open({ name: `sign-in-${name}`, points: points * factor, windowSeconds: WINDOW_SECONDS });
  const account = accountKey(email);
  // A comparison takes as long for a right password: who has an account could keep everyone else waiting with it.
  const successes = { limit: open('successes', SHARED_FACTOR), key: account, ofSuccesses: true };
  const known = (name: string, key: string) => [
    { limit: open(name, 1), key },
    { limit: open(`${name}s`, SHARED_FACTOR), key: account },
    successes,
  ];
  if (sessionId) return known('session', sessionId);
  const device = await knownDevice(context, attempt);
  if (device) return known('device', device);
  const network = client ? addressKey(client.address) : 'unknown';
  return [
    { limit: open('account-network', 1), key: `${account} ${network}` },
    { limit: open('network', SHARED_FACTOR), key: network },
    { limit: open('account', SHARED_FACTOR), key: account },
    successes,
  ];
}

const giveBack = (counts: Count[]) => Promise.all(counts.map(({ limit, key }) => limit.giveBack(key, 1)));

/**
 * Counts an attempt before the comparison, against concurrent ones. What was counted is given back when it is refused: one
 * network must not use up what others share, nor an account's successes. Throws RateLimited.
 */
async function takeAll(counts: Count[]): Promise<void> {
  for (const [index, { limit, key }] of counts.entries()) {
    const { isAllowed, resetSeconds } = await limit.count(key);
    if (isAllowed) continue;
    await giveBack(counts.slice(0, index + 1));
    throw new RateLimited(`These are too many attempts to sign in: wait ${resetSeconds} seconds.`, resetSeconds);
  }
}

/**
 * Runs `check` within the rate limits, the same for unknown accounts: of failures, and of an account's successes. An
 * attempt that was not compared counts for neither. Throws RateLimited.
 */
export async function limitSignIn<Result>(
  context: Limiting,
  { check, ...attempt }: SignInAttempt & { check(): Promise<Result> },
): Promise<Result> {
  const counts = await countsOf(context, attempt);
  await takeAll(counts);
  const [successes, failures] = partition(counts, ({ ofSuccesses = false }) => ofSuccesses);
  try {
    const result = await check();
    const [own, ...shared] = failures;
    if (own) await own.limit.forget(own.key);
    await giveBack(shared);
    return result;
  } catch (error) {
    const wasCompared = !(error instanceof RateLimited || error instanceof ServiceUnavailable);
    await giveBack(wasCompared ? successes : counts);
    throw error;
  }
}
