import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { errors as joseErrors, jwtVerify, SignJWT } from 'jose';
import { Unauthenticated } from '#runtime/errors.js';

/** Strongest first; each role has the rights of those after it. */
export const roles = ['OWNER', 'ADMIN', 'ANALYST', 'VIEWER'] as const;
export type Role = (typeof roles)[number];

/** What a member may do besides their role, as in the enum `MemberRight` of the API. */
export const memberRights = ['BILLING'] as const;
export type MemberRight = (typeof memberRights)[number];

/** The origin of a request. */
export interface Client {
  /** The network address, as trusted proxies report it. */
  address: string;
  userAgent?: string;
}

/** A mutation that has its effect once, however often it is sent. */
export interface Idempotency {
  /** The `Idempotency-Key` of its request. */
  key: string;
  /** The SHA-256 of the request: another one with the same key is refused. */
  request: string;
}

/** The user, API key or service on whose behalf an operation runs. */
export interface Identity {
  /** `service`: a part of WebMetrics. `share`: the bearer of a share link. */
  kind: 'anonymous' | 'user' | 'apiKey' | 'service' | 'share';
  userId?: string;
  organizationId?: string;
  sessionId?: string;
  /** Of the kind `apiKey`, which acts for the organization and as none of its users. */
  apiKeyId?: string;
  /** Of the kind `share`: the link, and the one report it opens. No rule of the graph admits it. */
  share?: { shareId: string; reportId: string };
  role?: Role;
  /** Besides the role; undefined = none. */
  rights?: MemberRight[];
  scopes: string[];
  /** The clients a VIEWER is limited to, with their accounts; undefined = not limited. */
  clientIds?: string[];
  /** Whether the user can only read: the organization's plan includes fewer members. */
  isReadOnly?: boolean;
  /** Whether the user may only set up a second factor. */
  mustSetUpTwoFactor?: boolean;
  /** undefined = WebMetrics itself. */
  client?: Client;
  /** Of a mutation with a key; undefined = it is run each time it is sent. */
  idempotency?: Idempotency;
  requestId: string;
}

const ISSUER = 'webmetrics';

/** The life of tokens between parts of WebMetrics. */
const INTERNAL_TTL_SECONDS = 60;

/** Returns the identity of a client without credentials. */
export function anonymous(requestId: string): Identity {
  return { kind: 'anonymous', scopes: [], requestId };
}

/** Whether the identity has at least `role` in its organization. A service has every role. */
export function hasRole(identity: Identity, role: Role): boolean {
  if (identity.kind === 'service') return true;
  if (!identity.role || !roles.includes(identity.role)) return false;
  return roles.indexOf(identity.role) <= roles.indexOf(role);
}

/** Whether the identity is a user with `right`. Owners have every right by their role. */
export function hasRight({ kind, rights = [] }: Identity, right: MemberRight): boolean {
  return kind === 'user' && rights.includes(right);
}

/** The `kid` of a secret in the header of a token (RFC 7515 §4.1.4). */
function keyIdOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 16);
}

/** Signs tokens for one audience (a subgraph, the gateway) and verifies those meant for it. */
export interface TokenSigner {
  /** Returns a JWT with `identity` for `audience`, valid for a minute. */
  sign(identity: Identity, audience: string): Promise<string>;
  /** Returns the identity in `token`. Throws Unauthenticated when it is forged, for another audience, or expired. */
  verify(token: string, audience: string): Promise<Identity>;
  /** Returns a JWT with `claims`. */
  signClaims(claims: Record<string, unknown>, audience: string, ttlSeconds: number): Promise<string>;
  /** Returns the claims of a JWT. Throws as `verify` does. */
  verifyClaims<Claims>(token: string, audience: string): Promise<Claims>;
}

/** Returns the signer that `create` makes when it is first used: a process may have no key for it, and no use. */
export function signerWhenUsed(create: () => TokenSigner): TokenSigner {
  let signer: TokenSigner | undefined;
  const get = () => {
    signer ??= create();
    return signer;
  };
  return {
    sign: async (identity, audience) => get().sign(identity, audience),
    verify: async (token, audience) => get().verify(token, audience),
    signClaims: async (claims, audience, ttlSeconds) => get().signClaims(claims, audience, ttlSeconds),
    verifyClaims: async (token, audience) => get().verifyClaims(token, audience),
  };
}

/** Signs with one secret (HS256). */
export class IdentitySigner implements TokenSigner {
  readonly #currentKeyId: string;
  readonly #keys: Map<string, KeyObject>;

  /** The first secret signs; tokens of all of them are accepted. */
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

  /** `signedBy`: the part that signs, as `sub`. */
  sign(identity: Identity, audience: string, signedBy?: string): Promise<string> {
    return this.signClaims({ identity, sub: signedBy }, audience, INTERNAL_TTL_SECONDS);
  }

  async verify(token: string, audience: string): Promise<Identity> {
    const { identity } = await this.verifyClaims<{ identity: Identity }>(token, audience);
    return identity;
  }

  signClaims(claims: Record<string, unknown>, audience: string, ttlSeconds: number): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: this.#currentKeyId })
      .setIssuer(ISSUER)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${ttlSeconds}s`)
      .sign(this.#keyNamed(this.#currentKeyId));
  }

  async verifyClaims<Claims>(token: string, audience: string): Promise<Claims> {
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.#keyNamed(kid), {
        algorithms: ['HS256'],
        issuer: ISSUER,
        audience,
        requiredClaims: ['exp'],
      });
      return payload as Claims;
    } catch (cause) {
      const message =
        cause instanceof joseErrors.JWTExpired ? 'The token has expired.' : 'The token is not valid here.';
      throw new Unauthenticated(message, { cause });
    }
  }
}
