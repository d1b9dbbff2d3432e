import type { FastifyRequest } from 'fastify';
import { Forbidden } from '#runtime/errors.js';

export interface AllowedNames {
  /** Of this installation, for its users. */
  publicUrl: string;
  /** Whether a page of another origin may call the API. */
  isAllowedOrigin(origin: string): boolean;
  /** Whether the names of this machine are allowed, too: outside production. */
  isLocal: boolean;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

function hostNameOf(host: string): string | undefined {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;
}

/**
 * Throws Forbidden for a request to a host name that is not of this installation, or from a page of an origin that may not call
 * the API: a page whose name was rebound to this address has its own name in both (MCP, "Security Warning" of Streamable HTTP).
 */
export function requireAllowedOrigin({ host, headers }: FastifyRequest, allowed: AllowedNames): void {
  const { publicUrl, isAllowedOrigin, isLocal } = allowed;
  const name = hostNameOf(host);
  const ours = new URL(publicUrl);
  if (name !== ours.hostname && !(isLocal && name && LOOPBACK.has(name))) {
    throw new Forbidden('Call this server by the address in PUBLIC_URL: the "Host" of the request is another one.');
  }
  const { origin } = headers;
  if (origin === undefined || origin === ours.origin || isAllowedOrigin(origin)) return;
  throw new Forbidden(
    'Pages of this origin may not call the API: its operator lists those that may in ALLOWED_ORIGINS.',
  );
}
