import type { FastifyRequest } from 'fastify';
import type { Client } from '#runtime/identity/identity.js';

const MAX_USER_AGENT_LENGTH = 500;

/** Returns where a request came from. */
export function clientOf({ ip, headers }: FastifyRequest): Client {
  const userAgent = headers['user-agent']?.slice(0, MAX_USER_AGENT_LENGTH);
  return { address: ip, ...(userAgent && { userAgent }) };
}
