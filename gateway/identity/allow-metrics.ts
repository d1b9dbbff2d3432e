import type { FastifyRequest } from 'fastify';
import type { Config } from '#runtime/config/config.js';
import type { Operators } from './operator.js';

const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

/**
 * Returns who may read the figures of a gateway: operators. Outside production also whoever asks from the same machine,
 * so that they can be looked at without further ado.
 */
export function allowMetrics({ isProduction }: Config, operators: Operators) {
  return async ({ ip, headers, id }: FastifyRequest): Promise<void> => {
    // Also when somebody on this machine passes requests on: those are not from here.
    if (!isProduction && LOOPBACK.test(ip) && !headers['x-forwarded-for']) return;
    await operators.require(headers.authorization, id);
  };
}
