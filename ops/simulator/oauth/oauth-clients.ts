import { timingSafeEqual } from 'node:crypto';

export interface OAuthClient {
  id: string;
  secret: string;
  /** Shown on the consent page. */
  name: string;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The apps that may ask for consent, and where consent may be sent. */
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

  /** Any address on this machine will do; others must be registered letter by letter. */
  isRedirectAllowed(redirectUri: string): boolean {
    if (this.#redirectUris.has(redirectUri)) return true;
    if (!URL.canParse(redirectUri)) return false;
    const url = new URL(redirectUri);
    return (
      ['http:', 'https:'].includes(url.protocol) && LOOPBACK.has(url.hostname) && url.hash === '' && url.username === ''
    );
  }
}

/** Returns what an `Authorization: Basic` header says; nulls without one that can be read. */
export function basicCredentials(header: string | undefined): [id: string | null, secret: string | null] {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return [null, null];
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? [null, null] : [decoded(text.slice(0, colon)), decoded(text.slice(colon + 1))];
}

// RFC 6749 §2.3.1 has both parts form-encoded before they are joined.
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
