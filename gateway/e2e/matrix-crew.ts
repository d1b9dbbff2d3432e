import type { ApiKeyScope } from '#runtime/identity/api-key-scopes.js';
import type { Identity, Role } from '#runtime/identity/identity.js';
import type { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import type { OpenTransport } from './open-transport.js';
import type { Tenant } from './tenant.js';

/** Somebody who asks: as a client of the gateway, and as a subgraph is told who it is. */
export interface Asker {
  client: Client;
  identity: Identity;
}

/** Returns a new member of an organization in a role. */
export async function openMember(transport: OpenTransport, tenant: Tenant, role: Role): Promise<Asker> {
  const { client, userId } = await tenant.client.signUp(role);
  const { organizationId } = tenant;
  await databaseRows(transport, 'INSERT INTO auth.membership (organization_id, person_id, role) VALUES ($1, $2, $3)', [
    organizationId,
    userId,
    role,
  ]);
  await databaseRows(transport, 'UPDATE auth.session SET organization_id = $1 WHERE person_id = $2', [
    organizationId,
    userId,
  ]);
  return { client, identity: { kind: 'user', userId, organizationId, role, scopes: [], requestId: `as-${role}` } };
}

/** Returns a new API key of an organization with these scopes; with none, one whose scopes were taken from it. */
export async function openKey(
  transport: OpenTransport,
  anyone: Client,
  { client, organizationId }: Tenant,
  scopes: ApiKeyScope[],
): Promise<Asker> {
  const { data, errors } = await client.ask(
    'mutation ($scopes: [String!]!) { createApiKey(name: "Matrix", scopes: $scopes) { secret apiKey { id } } }',
    { scopes: scopes.length > 0 ? scopes : ['read:billing'] },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  const { secret, apiKey } = data.createApiKey;
  if (scopes.length === 0)
    await databaseRows(transport, "UPDATE auth.api_key SET scopes = '{}' WHERE id = $1", [apiKey.id]);
  const role = scopes.some((scope) => scope.startsWith('write:')) ? 'ANALYST' : 'VIEWER';
  return {
    client: anyone.as(secret),
    identity: { kind: 'apiKey', apiKeyId: apiKey.id, organizationId, role, scopes, requestId: 'as-key' },
  };
}
