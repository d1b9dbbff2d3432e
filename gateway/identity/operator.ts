import type { FastifyRequest } from 'fastify';
import type { Config } from '#runtime/config/config.js';
import { Forbidden, Unauthenticated } from '#runtime/errors.js';
import { hasRole } from '#runtime/identity/identity.js';
import { isSameSecret } from '#runtime/same-secret.js';
import type { BaseServices } from '#runtime/services.js';
import type { Authenticate } from './authenticate.js';

/** Someone who runs the installation, and what the audit log calls them. */
export interface Operator {
  name: string;
}

/**
 * Returns who runs the installation, by the credentials of a request. Throws Unauthenticated without credentials that
 * hold, and Forbidden for people who are not operators.
 */
export type RequireOperator = (authorization: string | undefined, requestId: string) => Promise<Operator>;

export interface Operators {
  require: RequireOperator;
  /** Lets administrators and owners of this organization be operators from now on. */
  admit(organizationId: string): void;
}

/** The name and password of HTTP Basic (RFC 7617), as a browser asks a person for them. */
function basicCredentials(authorization: string): { name: string; password: string } | undefined {
  const encoded = /^Basic ([\w+/=-]+)$/i.exec(authorization)?.[1];
  if (!encoded) return undefined;
  const [name = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { name: name || 'operator', password: password.join(':') };
}

/**
 * Recognises operators: by the operator token, as a bearer or as the password of HTTP Basic, or as an administrator or
 * owner of an organization that runs the installation. A customer's administrator is none.
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
