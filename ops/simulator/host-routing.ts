import type { SimulatedProvider } from './provider.js';

/** What a request says about the address it was sent to. */
interface Address {
  /** The Host header. */
  host: string;
  /** The X-Forwarded-Proto header of a proxy that ended TLS. */
  scheme?: string | undefined;
}

export interface RoutedTarget {
  host: string;
  base: string;
  path: string;
}

/**
 * Finds out which real host a request is meant for: the Host header when it is a provider's own name, otherwise
 * the first segment of the path.
 */
export function routeByHost(
  providers: readonly SimulatedProvider[],
  { host: hostHeader, scheme }: Address,
  path: string,
): RoutedTarget | null {
  const known = new Set(providers.flatMap((provider) => provider.hosts));
  const named = hostHeader.replace(/:\d+$/, '').toLowerCase();
  const forwarded = scheme === 'https' || scheme === 'http' ? scheme : undefined;
  if (known.has(named)) {
    // Who comes by the bare real name was on the way to the real https address, and follows links there again.
    const usual = hostHeader.includes(':') ? 'http' : 'https';
    return { host: named, base: `${forwarded ?? usual}://${hostHeader}`, path };
  }
  const [, first = ''] = path.split('/', 2);
  if (!known.has(first)) return null;
  return {
    host: first,
    base: `${forwarded ?? 'http'}://${hostHeader}/${first}`,
    path: path.slice(first.length + 1) || '/',
  };
}
