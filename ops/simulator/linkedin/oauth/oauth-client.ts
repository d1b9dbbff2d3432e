import type { OAuthClient } from '#simulator/oauth/oauth-clients.js';
import type { WireAnswer } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';

/** Returns the form's authenticated app, or LinkedIn's error; headers are ignored. */
export function readClient(form: URLSearchParams, world: World): OAuthClient | WireAnswer {
  for (const name of ['client_id', 'client_secret'])
    if (!form.get(name)) return refuse(400, 'invalid_request', `A required parameter "${name}" is missing`);
  const client = world.clients.find(form.get('client_id'));
  if (!client || !world.clients.hasSecret(client, form.get('client_secret')))
    return refuse(401, 'invalid_client', 'Client authentication failed');
  return client;
}

/** Returns an error of the token endpoints. */
export function refuse(status: number, error: string, description: string): WireAnswer {
  return { status, headers: { 'cache-control': 'no-store' }, body: { error, error_description: description } };
}
