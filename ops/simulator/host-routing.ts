import type { SimulatedProvider } from './provider.js';

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
  hostHeader: string,
  path: string,
): RoutedTarget | null {
  const known = new Set(providers.flatMap((provider) => provider.hosts));
  const named = hostHeader.replace(/:\d+$/, '').toLowerCase();
  if (known.has(named)) return { host: named, base: `http://${hostHeader}`, path };
  const [, first = ''] = path.split('/', 2);
  if (!known.has(first)) return null;
  return { host: first, base: `http://${hostHeader}/${first}`, path: path.slice(first.length + 1) || '/' };
}
