import { basicCredentials } from '#simulator/oauth/basic-credentials.js';
import type { OAuthClient } from '#simulator/oauth/oauth-clients.js';
import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
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
