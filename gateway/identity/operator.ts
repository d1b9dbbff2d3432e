import type { FastifyRequest } from 'fastify';
import type { Config } from '#runtime/config/config.js';
import { Forbidden, Unauthenticated } from '#runtime/errors.js';
import { hasRole } from '#runtime/identity/identity.js';
import { isSameSecret } from '#runtime/same-secret.js';
import type { BaseServices } from '#runtime/services.js';
import type { Authenticate } from './authenticate.js';

/** An operator of the installation. */
export interface Operator {
  name: string;
}

/**
 * Returns the operator with these credentials. Throws Unauthenticated for invalid ones, Forbidden for anyone else, and as
 * `authenticate` does.
 */
export type RequireOperator = (
  authorization: string | undefined,
  requestId: string,
  /** Of the client: wrong credentials are counted by it. */
  address?: string,
) => Promise<Operator>;

export interface Operators {
  require: RequireOperator;
  /** Makes administrators and owners of an organization operators. */
  admit(organizationId: string): void;
}

/** Parses HTTP Basic (RFC 7617). */
function basicCredentials(authorization: string): { name: string; password: string } | undefined {
  const encoded = /^Basic ([\w+/=-]+)$/i.exec(authorization)?.[1];
  if (!encoded) return undefined;
  const [name = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { name: name || 'operator', password: password.join(':') };
}

/**
 * Operators have the operator token, as bearer or Basic password, or are administrators of the organization that runs
 * the installation.
 */
export function createOperators(base: BaseServices, authenticate: Authenticate): Operators {
  const { config, operatorToken } = base;
  const organizations = new Set(config.operator.organizationId ? [config.operator.organizationId] : []);
  return {
    admit: (organizationId) => void organizations.add(organizationId),
    require: async (authorization, requestId) => {
      if (!authorization) throw new Unauthenticated('Sign in as an operator.');
      const basic = basicCredentials(authorization);
      const bearer = /^Bearer ([^\s]+)$/i.exec(authorization)?.[1];
      const given = basic?.password ?? bearer ?? '';
      if (operatorToken && isSameSecret(given, operatorToken)) return { name: basic?.name ?? 'operator' };
      if (basic) throw new Unauthenticated('The operator token is not right.');
      const identity = await authenticate(authorization, requestId);
      const isAdmitted = identity.organizationId !== undefined && organizations.has(identity.organizationId);
      if (identity.kind !== 'user' || !isAdmitted || !hasRole(identity, 'ADMIN')) {
        throw new Forbidden('Only operators of this installation may see this.');
      }
      return { name: identity.userId ?? 'operator' };
    },
  };
}

const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

/** Returns the guard of `/metrics`: operators, outside production also direct requests from this machine. */
export function allowMetrics({ isProduction }: Config, operators: Operators) {
  return async ({ ip, headers, id }: FastifyRequest): Promise<void> => {
    // A local proxy forwards requests of others.
    if (!isProduction && LOOPBACK.test(ip) && !headers['x-forwarded-for']) return;
    await operators.require(headers.authorization, id, ip);
  };
}
