import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { errors as joseErrors, jwtVerify, SignJWT } from 'jose';
import { Unauthenticated } from '#runtime/errors.js';

/** What a person may do, the strongest first; each role may do everything the ones after it may. */
export const roles = ['OWNER', 'ADMIN', 'ANALYST', 'VIEWER'] as const;
export type Role = (typeof roles)[number];

/** Where a request came from. */
export interface Client {
  /** The network address, behind the proxies that are trusted. */
  address: string;
  /** What it calls itself, cut to a sensible length. */
  userAgent?: string;
}

/** On whose behalf something is done. */
export interface Identity {
  /** `anonymous` came without credentials; `service` is a part of WebMetrics itself. */
  kind: 'anonymous' | 'user' | 'apiKey' | 'service';
  userId?: string;
  organizationId?: string;
  sessionId?: string;
  /** The key, for the kind `apiKey`: it acts for the organization and as nobody in it. */
  apiKeyId?: string;
  role?: Role;
  scopes: string[];
  /** Whether a person may do nothing but set up the second factor their organization demands. */
  mustSetUpTwoFactor?: boolean;
  /** Undefined for what WebMetrics does by itself. */
  client?: Client;
  /** Names one request in every log line and error it causes. */
  requestId: string;
}

const ISSUER = 'webmetrics';

/** Longest life of what the parts of WebMetrics say to each other. */
const INTERNAL_TTL_SECONDS = 60;

export function anonymous(requestId: string): Identity {
  return { kind: 'anonymous', scopes: [], requestId };
}

/** Returns whether the identity acts with at least `role` in its organization. A service may do everything. */
export function hasRole(identity: Identity, role: Role): boolean {
  if (identity.kind === 'service') return true;
  if (!identity.role || !roles.includes(identity.role)) return false;
  return roles.indexOf(identity.role) <= roles.indexOf(role);
}

/** The name of a secret in the header of a token (`kid`, RFC 7515 §4.1.4). */
function keyIdOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 16);
}

/** Signs identities for one audience (a subgraph, the gateway) and verifies those meant for it. */
export class IdentitySigner {
  readonly #currentKeyId: string;
  readonly #keys: Map<string, KeyObject>;

  /** The first secret signs; what any of them signed is taken. */
  constructor(current: string, ...previous: string[]) {
    this.#currentKeyId = keyIdOf(current);
    this.#keys = new Map(
      [current, ...previous].map((secret) => [keyIdOf(secret), createSecretKey(Buffer.from(secret))]),
    );
  }

  #keyNamed(keyId: string | undefined): KeyObject {
    const key = this.#keys.get(keyId ?? '');
    if (!key) throw new Unauthenticated('The token is not valid here.');
    return key;
  }

  /** Returns a JWT that carries `identity` to `audience` and dies within a minute. */
  sign(identity: Identity, audience: string): Promise<string> {
    return this.signClaims({ identity }, audience, INTERNAL_TTL_SECONDS);
  }

  /** Returns the identity in `token`. Throws Unauthenticated when it is not ours, not for `audience`, or too old. */
  async verify(token: string, audience: string): Promise<Identity> {
    const { identity } = await this.verifyClaims<{ identity: Identity }>(token, audience);
    return identity;
  }

  /** Returns a JWT with any claims for `audience`. */
  signClaims(claims: Record<string, unknown>, audience: string, ttlSeconds: number): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: this.#currentKeyId })
      .setIssuer(ISSUER)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${ttlSeconds}s`)
      .sign(this.#keyNamed(this.#currentKeyId));
  }

  /** Returns the claims of a JWT made by `signClaims`. Throws Unauthenticated when it does not hold. */
  async verifyClaims<Claims>(token: string, audience: string): Promise<Claims> {
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.#keyNamed(kid), {
        algorithms: ['HS256'],
        issuer: ISSUER,
        audience,
      });
      return payload as Claims;
    } catch (cause) {
      const message =
        cause instanceof joseErrors.JWTExpired ? 'The token has expired.' : 'The token is not valid here.';
      throw new Unauthenticated(message, { cause });
    }
  }
}
