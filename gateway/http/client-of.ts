import type { FastifyRequest } from 'fastify';
import type { Client } from '#runtime/identity/identity.js';

const MAX_USER_AGENT_LENGTH = 500;

/** Returns the address and user agent of a request. */
export function clientOf({ ip, headers }: FastifyRequest): Client {
  const userAgent = headers['user-agent']?.slice(0, MAX_USER_AGENT_LENGTH);
  return { address: ip, ...(userAgent && { userAgent }) };
}
