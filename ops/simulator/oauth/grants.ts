import { randomUUID } from 'node:crypto';
import type { Clock } from '#simulator/clock.js';

export type GrantingProvider = 'google' | 'meta' | 'linkedin' | 'x';

/** A person's consent to an app at a provider. */
export interface Grant {
  id: string;
  provider: GrantingProvider;
  clientId: string;
  person: string;
  scopes: string[];
  createdAt: number;
  revokedAt: number | null;
}

export interface AuthorizationCode {
  value: string;
  grantId: string;
  redirectUri: string;
  scopes: string[];
  expiresAt: number;
  usedAt: number | null;
  /** Whether the exchange returns a refresh token. */
  offline: boolean;
  challenge: { method: 'S256' | 'plain'; value: string } | null;
  /** For the id token (OpenID Connect Core §3.1.2.1). */
  nonce?: string | undefined;
}

export interface Token {
  value: string;
  kind: 'access' | 'refresh';
  grantId: string;
  scopes: string[];
  issuedAt: number;
  /** null = until revoked. */
  expiresAt: number | null;
  usedAt: number;
  revokedAt: number | null;
}

export interface GrantsState {
  grants: Grant[];
  codes: AuthorizationCode[];
  tokens: Token[];
}

const DAY_MS = 86_400_000;
// Long enough to tell an expired token from one that never existed.
const KEEP_EXPIRED_MS = 90 * DAY_MS;

/** Stores consents, codes and tokens. Calls `changed` after changes that must survive a restart. */
export class Grants {
  readonly #grants = new Map<string, Grant>();
  readonly #codes = new Map<string, AuthorizationCode>();
  readonly #tokens = new Map<string, Token>();
  readonly #clock: Clock;
  readonly #changed: () => void;

  constructor(clock: Clock, state?: GrantsState, changed: () => void = () => {}) {
    this.#clock = clock;
    this.#changed = changed;
    for (const grant of state?.grants ?? []) this.#grants.set(grant.id, grant);
    for (const code of state?.codes ?? []) this.#codes.set(code.value, code);
    for (const token of state?.tokens ?? []) this.#tokens.set(token.value, token);
  }

  /** Records a consent. `isNew` = the first of this person for this app. */
  allow(wanted: Pick<Grant, 'provider' | 'clientId' | 'person' | 'scopes'>): { grant: Grant; isNew: boolean } {
    const known = [...this.#grants.values()].find(
      (grant) =>
        grant.revokedAt === null &&
        grant.provider === wanted.provider &&
        grant.clientId === wanted.clientId &&
        grant.person === wanted.person,
    );
    const grant = known ?? { ...wanted, id: randomUUID(), scopes: [], createdAt: this.#clock.nowMs(), revokedAt: null };
    grant.scopes = [...new Set([...grant.scopes, ...wanted.scopes])];
    this.#grants.set(grant.id, grant);
    this.#changed();
    return { grant, isNew: known === undefined };
  }

  addCode(code: Omit<AuthorizationCode, 'usedAt'>): void {
    this.#codes.set(code.value, { ...code, usedAt: null });
    this.#changed();
  }

  findCode(value: string): AuthorizationCode | undefined {
    return this.#codes.get(value);
  }

  useCode(code: AuthorizationCode): void {
    code.usedAt = this.#clock.nowMs();
    this.#changed();
  }

  addToken(wanted: Pick<Token, 'value' | 'kind' | 'grantId' | 'scopes'> & { ttlSeconds: number | null }): Token {
    const { ttlSeconds, ...rest } = wanted;
    const now = this.#clock.nowMs();
    const token: Token = {
      ...rest,
      issuedAt: now,
      usedAt: now,
      revokedAt: null,
      expiresAt: ttlSeconds === null ? null : now + ttlSeconds * 1000,
    };
    this.#tokens.set(token.value, token);
    this.#changed();
    return token;
  }

  findToken(value: string, kind: Token['kind']): Token | undefined {
    const token = this.#tokens.get(value);
    return token?.kind === kind ? token : undefined;
  }

  /** Returns a grant's valid tokens of a kind, oldest first. */
  listLive(grantId: string, kind: Token['kind']): Token[] {
    return [...this.#tokens.values()].filter(
      (token) => token.grantId === grantId && token.kind === kind && token.revokedAt === null && !this.isExpired(token),
    );
  }

  useToken(token: Token): void {
    token.usedAt = this.#clock.nowMs();
  }

  revokeToken(token: Token): void {
    token.revokedAt = this.#clock.nowMs();
    this.#changed();
  }

  grantOf(owner: { grantId: string }): Grant {
    const grant = this.#grants.get(owner.grantId);
    if (!grant) throw new Error(`Token or code without grant ${owner.grantId}`);
    return grant;
  }

  isExpired(owner: { expiresAt: number | null }): boolean {
    return owner.expiresAt !== null && this.#clock.nowMs() >= owner.expiresAt;
  }

  isRevoked(token: Token): boolean {
    return token.revokedAt !== null || this.grantOf(token).revokedAt !== null;
  }

  revoke(grant: Grant): void {
    grant.revokedAt = this.#clock.nowMs();
    this.#changed();
  }

  /** Revokes active grants of a person or provider, or all; returns how many. */
  revokeMatching(wanted: { person?: string | undefined; provider?: GrantingProvider | undefined }): number {
    const hit = [...this.#grants.values()].filter(
      (grant) =>
        grant.revokedAt === null &&
        (wanted.person ?? grant.person) === grant.person &&
        (wanted.provider ?? grant.provider) === grant.provider,
    );
    for (const grant of hit) this.revoke(grant);
    return hit.length;
  }

  /** Returns the state to persist, without codes and tokens expired long ago. */
  state(): GrantsState {
    const oldest = this.#clock.nowMs() - KEEP_EXPIRED_MS;
    for (const [value, code] of this.#codes) if (code.expiresAt < oldest) this.#codes.delete(value);
    for (const [value, token] of this.#tokens)
      if ((token.expiresAt ?? token.revokedAt ?? Infinity) < oldest) this.#tokens.delete(value);
    return { grants: [...this.#grants.values()], codes: [...this.#codes.values()], tokens: [...this.#tokens.values()] };
  }
}
