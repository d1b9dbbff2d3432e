import type { RateLimit } from '#runtime/cache/rate-limit.js';
import { RateLimited } from '#runtime/errors.js';
import { addressKey } from '#runtime/identity/address-key.js';
import type { Client } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { accountKey, knownDevice } from './device-token.js';

const WINDOW_SECONDS = 15 * 60;
/** How many times as many attempts one network may make at all accounts together, and all networks at one account. */
const SPREAD = 10;

/** Somebody who says who they are. */
export interface SignInAttempt {
  email: string;
  deviceToken?: string | null;
  /** In which they are asked again. */
  sessionId?: string;
  client?: Client;
}

interface Count {
  limit: RateLimit;
  key: string;
}

/**
 * Where an attempt counts. A device that signed in before counts by itself: whatever strangers guess, from the same
 * network or from all the world, its owner is let in (OWASP's device cookies). So does a session. Who knew the password
 * once may have made any number of either: together they get as many attempts as all networks do.
 */
async function countsOf(
  services: Services,
  { email, deviceToken, sessionId, client }: SignInAttempt,
): Promise<Count[]> {
  const points = services.config.traffic.signInLimit;
  if (points === 0) return [];
  const open = (name: string, times: number) =>
    services.rateLimits.open({ name: `sign-in-${name}`, points: points * times, windowSeconds: WINDOW_SECONDS });
  const account = accountKey(email);
  const known = (name: string, key: string) => [
    { limit: open(name, 1), key },
    { limit: open(`${name}s`, SPREAD), key: account },
  ];
  if (sessionId) return known('session', sessionId);
  const device = await knownDevice(services, deviceToken, email);
  if (device) return known('device', device);
  const network = client ? addressKey(client.address) : 'unknown';
  return [
    { limit: open('account-network', 1), key: `${account} ${network}` },
    { limit: open('network', SPREAD), key: network },
    { limit: open('account', SPREAD), key: account },
  ];
}

/**
 * Lets somebody try to sign in, unless that was tried too often: alike for accounts that exist and those that do not.
 * Each attempt counts, also many in one operation; one that succeeds is taken back. Throws RateLimited.
 */
export async function limitSignIn<Result>(
  services: Services,
  attempt: SignInAttempt,
  signIn: () => Promise<Result>,
): Promise<Result> {
  const counts = await countsOf(services, attempt);
  const standings = await Promise.all(counts.map(({ limit, key }) => limit.count(key)));
  const waits = standings.filter(({ isAllowed }) => !isAllowed).map(({ resetSeconds }) => resetSeconds);
  if (waits.length > 0) {
    const seconds = Math.max(...waits);
    throw new RateLimited(`These are too many attempts to sign in: wait ${seconds} seconds.`, seconds);
  }
  const result = await signIn();
  const [own, ...shared] = counts;
  if (own) await own.limit.forget(own.key);
  await Promise.all(shared.map(({ limit, key }) => limit.giveBack(key, 1)));
  return result;
}
