import { timingSafeEqual } from 'node:crypto';

export interface OAuthClient {
  id: string;
  secret: string;
  name: string;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Registered apps and allowed redirect addresses. */
export class OAuthClients {
  readonly #clients = new Map<string, OAuthClient>();
  readonly #redirectUris: ReadonlySet<string>;

  constructor(clients: readonly OAuthClient[], redirectUris: readonly string[]) {
    for (const client of clients) this.#clients.set(client.id, client);
    this.#redirectUris = new Set(redirectUris);
  }

  find(id: string | null): OAuthClient | undefined {
    return id === null ? undefined : this.#clients.get(id);
  }

  hasSecret(client: OAuthClient, secret: string | null): boolean {
    const given = Buffer.from(secret ?? '');
    const expected = Buffer.from(client.secret);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  /** Any address on this machine, or an exactly registered one. */
  isRedirectAllowed(redirectUri: string): boolean {
    if (this.#redirectUris.has(redirectUri)) return true;
    if (!URL.canParse(redirectUri)) return false;
    const url = new URL(redirectUri);
    return (
      ['http:', 'https:'].includes(url.protocol) && LOOPBACK.has(url.hostname) && url.hash === '' && url.username === ''
    );
  }
}

/** Returns id and secret of HTTP Basic; nulls when unreadable. */
export function basicCredentials(header: string | undefined): [id: string | null, secret: string | null] {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return [null, null];
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? [null, null] : [decoded(text.slice(0, colon)), decoded(text.slice(colon + 1))];
}

// RFC 6749 §2.3.1: both parts are form-encoded.
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
