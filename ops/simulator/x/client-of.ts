import type { OAuthClient } from '../oauth-clients.js';
import type { WireRequest } from '../wire.js';
import type { World } from '../world.js';
import { OAuthRefusal } from './oauth-refusal.js';

/** Returns the app that is calling. A confidential client counts only with HTTP Basic, never with a secret in the body. */
export function clientOf(request: WireRequest, form: URLSearchParams, world: World): OAuthClient {
  const [id, secret] = basicCredentials(request.headers.authorization);
  const client = world.clients.find(id);
  if (!client || !world.clients.hasSecret(client, secret))
    throw new OAuthRefusal(401, 'unauthorized_client', 'Missing valid authorization header');
  if (form.has('client_id') && form.get('client_id') !== client.id)
    throw new OAuthRefusal(400, 'invalid_request', 'Value passed for the client id was invalid.');
  return client;
}

function basicCredentials(header: string | undefined): [id: string | null, secret: string | null] {
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
