import { isIP } from 'node:net';
import { type AddressGuard, ForbiddenAddress } from './address-guard.js';

const MAX_LENGTH = 2_048;
/** Of web servers. In the networks an operator allows, any port. */
const PORTS = new Set(['', '443', '8443']);
/** Names that only a local network resolves (RFC 6761, RFC 6762, RFC 8375 and ICANN's `.internal`). */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home\.arpa|test|invalid|onion)$/;

const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '');

const isPublicName = (host: string) => host.includes('.') && !host.endsWith('.') && !LOCAL_NAME.test(host);

/** Returns why only a network the operator allows can have this URL; null when a public host can. */
function problemOutside(url: URL): string | null {
  const host = hostOf(url);
  if (url.protocol === 'http:') return 'must be an https URL';
  if (isIP(host) === 0 && !isPublicName(host)) return 'must have a public host name';
  return PORTS.has(url.port) ? null : 'must have the port 443 or 8443';
}

/**
 * Returns why a URL cannot be that of a webhook endpoint; null when its form is fine. Names are resolved by
 * `findUnreachable`, and again for each connection.
 */
export function checkWebhookUrl(text: string, guard: AddressGuard): string | null {
  if (text.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
  if (!URL.canParse(text) || /\s/.test(text)) return 'must be a URL like https://example.com/webhooks';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an https URL';
  if (url.username || url.password) return 'must not have a user name or password: requests are signed';
  if (url.hash) return 'must not have a fragment';
  const problem = problemOutside(url);
  const host = hostOf(url);
  if (isIP(host) === 0) return guard.hasNetworks ? null : problem;
  if (guard.mayReach(host, { isInside: problem !== null })) return null;
  return problem ?? 'must not have an address of a private, local or reserved network';
}

/** Whether only a network the operator allows can have this URL. */
export function isInsideOnly(url: URL): boolean {
  return problemOutside(url) !== null;
}

/** Resolves the host of a checked URL. Returns why webhooks cannot reach it; null when they can. */
export async function findUnreachable(text: string, guard: AddressGuard): Promise<string | null> {
  const url = new URL(text);
  if (isIP(hostOf(url)) !== 0) return null;
  const error = await new Promise<Error | null>((resolve) => {
    guard.lookupFor({ isInside: isInsideOnly(url) })(url.hostname, { all: true }, resolve);
  });
  if (!error) return null;
  if (!(error instanceof ForbiddenAddress)) return 'must have a host name that resolves';
  return problemOutside(url) ?? 'must not resolve to an address of a private, local or reserved network';
}
