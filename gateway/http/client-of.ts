import type { FastifyRequest } from 'fastify';
import type { Client } from '#runtime/identity/identity.js';

const MAX_USER_AGENT_LENGTH = 500;

/** Returns the address and user agent of a request. */
export function clientOf({ ip, headers }: FastifyRequest): Client {
  const userAgent = headers['user-agent']?.slice(0, MAX_USER_AGENT_LENGTH);
  return { address: ip, ...(userAgent && { userAgent }) };
}

/** The program that sends a request, as it names itself. It is no credential: any program can send any name. */
export interface ClientName {
  name: string;
  version?: string;
}

const NAME = /^[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/;

/**
 * Returns the name in `client-name` and `client-version`, or in the headers of Apollo Client; undefined without one, or with one
 * that is longer than 100 characters or not of visible ASCII ones.
 */
export function clientNameOf({ headers }: Pick<FastifyRequest, 'headers'>): ClientName | undefined {
  const read = (part: string) => {
    const text = headers[`client-${part}`] ?? headers[`apollographql-client-${part}`];
    return typeof text === 'string' && NAME.test(text) ? text : undefined;
  };
  const name = read('name');
  const version = read('version');
  return name ? { name, ...(version && { version }) } : undefined;
}
