import { isIPv6 } from 'node:net';
import type { Identity } from '../ops/runtime/identity.js';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** The first 64 bits of an IPv6 address: what one customer of a network gets, who may use any address in it (RFC 6177). */
function networkOf(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const before = head ? head.split(':') : [];
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** Returns what a network address is counted under: itself, or the network of an IPv6 address. */
export function addressKey(address: string): string {
  const mapped = MAPPED_IPV4.exec(address)?.[1];
  if (mapped) return mapped;
  return isIPv6(address) ? networkOf(address) : address;
}

/** Returns the person or the API key behind a request, or undefined when it is counted by its address. */
export function personKey({ kind, userId, apiKeyId }: Identity): string | undefined {
  if (kind === 'apiKey') return `key:${apiKeyId}`;
  return kind === 'user' ? userId : undefined;
}
