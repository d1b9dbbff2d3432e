import { type LookupAddress, promises } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Of one query to a name server, the first time; the second waits twice as long. */
const TIMEOUT_MS = 1_500;
const TRIES = 2;

type Resolver = Pick<promises.Resolver, 'resolve4' | 'resolve6'>;

async function resolve(resolver: Resolver, hostname: string): Promise<LookupAddress[]> {
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const found = [
    ...(four.status === 'fulfilled' ? four.value : []).map((address) => ({ address, family: 4 })),
    ...(six.status === 'fulfilled' ? six.value : []).map((address) => ({ address, family: 6 })),
  ];
  if (found.length > 0) return found;
  const cause = four.status === 'rejected' ? four.reason : undefined;
  throw Object.assign(new Error(`${hostname} has no address`, { cause }), { code: 'ENOTFOUND' });
}

/**
 * Returns a lookup of every address of a name that asks name servers only, not the hosts file, and within seconds. `dns.lookup`
 * has two threads for the whole process, which a few names with a silent name server keep from every other connection.
 */
export function dnsLookup(
  openResolver: () => Resolver = () => new promises.Resolver({ timeout: TIMEOUT_MS, tries: TRIES }),
): LookupFunction {
  let resolver: Resolver | undefined;
  return (hostname, _options, callback) => {
    resolver ??= openResolver();
    resolve(resolver, hostname).then(
      (found) => callback(null, found),
      (error) => callback(error, ''),
    );
  };
}
