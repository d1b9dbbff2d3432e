import { decodeJwt } from 'jose';
import { deriveKey } from '#runtime/config/secrets.js';
import { Unauthenticated } from '#runtime/errors.js';
import { type Identity, IdentitySigner, type TokenSigner } from './identity.js';
import { ownerOfAudience } from './token-audiences.js';

/** The keys of a part, the current one first. */
export type KeysOf = (part: string) => [string, ...string[]];

/**
 * Signs tokens between parts of WebMetrics. A subgraph has a key that only the gateway has, too, and of it one for each
 * audience: what it could forge are tokens to itself, or as itself to the gateway.
 */
export class InternalSigner implements TokenSigner {
  readonly #keysOf: KeysOf;
  readonly #signers = new Map<string, IdentitySigner>();

  constructor(keysOf: KeysOf) {
    this.#keysOf = keysOf;
  }

  #signerFor(audience: string, part = ownerOfAudience(audience)): IdentitySigner {
    const id = `${part} ${audience}`;
    const known = this.#signers.get(id);
    if (known) return known;
    const [current, ...previous] = this.#keysOf(part);
    const derive = (key: string) => deriveKey(key, `webmetrics tokens for ${audience}`);
    const signer = new IdentitySigner(derive(current), ...previous.map(derive));
    this.#signers.set(id, signer);
    return signer;
  }

  sign(identity: Identity, audience: string): Promise<string> {
    return this.#signerFor(audience).sign(identity, audience);
  }

  /** Returns a JWT with the identity of a service for `audience`, signed by the part `sub`, valid for a minute. */
  signAs(part: string, identity: Identity, audience: string): Promise<string> {
    return this.#signerFor(audience, part).sign(identity, audience, part);
  }

  verify(token: string, audience: string): Promise<Identity> {
    return this.#signerFor(audience).verify(token, audience);
  }

  /** Returns the identity in a token that one of `parts` signed. Throws Unauthenticated as `verify` does. */
  async verifyFrom(parts: ReadonlySet<string>, token: string, audience: string): Promise<Identity> {
    const part = signedBy(token);
    if (!part || !parts.has(part)) throw new Unauthenticated('The token is not valid here.');
    return this.#signerFor(audience, part).verify(token, audience);
  }

  signClaims(claims: Record<string, unknown>, audience: string, ttlSeconds: number): Promise<string> {
    return this.#signerFor(audience).signClaims(claims, audience, ttlSeconds);
  }

  verifyClaims<Claims>(token: string, audience: string): Promise<Claims> {
    return this.#signerFor(audience).verifyClaims<Claims>(token, audience);
  }
}

function signedBy(token: string): string | undefined {
  try {
    return decodeJwt(token).sub;
  } catch {
    return undefined;
  }
}
