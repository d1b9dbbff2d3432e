import { z } from 'zod';
import { inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { Conflict, Unauthenticated } from '#runtime/errors.js';
import { parseInput } from '#runtime/parse-input.js';
import {
  createWebhookEndpoint as create,
  listWebhookEndpoints,
  type WebhookEndpoint,
} from '#runtime/webhooks/endpoint.js';
import { checkEndpointUrl } from './check-endpoint-url.js';
import { descriptionInput, endpointDetails, eventTypesInput, requireEventScopes } from './endpoint-input.js';
import { limitChanges } from './limit-changes.js';

const MAX_ENDPOINTS = 20;

const input = z.object({ url: z.string(), eventTypes: eventTypesInput, description: descriptionInput });

async function requireRoom(
  { manager }: TransactionContext,
  { organizationId }: { organizationId: string },
): Promise<void> {
  // Locked, so that concurrent endpoints are counted.
  await manager.findOne(OrganizationEntity, { where: { id: organizationId }, lock: { mode: 'for_no_key_update' } });
  if ((await listWebhookEndpoints(manager, { organizationId })).length < MAX_ENDPOINTS) return;
  throw new Conflict(`There are ${MAX_ENDPOINTS} webhook endpoints already: delete one that is not needed.`);
}

/**
 * Creates an endpoint of the caller's organization and returns it with its secret. Throws InvalidInput, Forbidden for an API
 * key whose scopes do not open the events, and Conflict for a URL it has already, or when there are too many.
 */
export async function createWebhookEndpoint(
  context: ServiceContext,
  given: z.input<typeof input>,
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  const { services, identity } = context;
  const { organizationId, userId, apiKeyId } = identity;
  if (!organizationId) throw new Unauthenticated();
  const { url, eventTypes, description } = parseInput(input, given);
  requireEventScopes(identity, { eventTypes });
  await limitChanges(context, { organizationId });
  await checkEndpointUrl(context, { url });
  return inTransaction(context, async (transaction) => {
    const { manager } = transaction;
    await requireRoom(transaction, { organizationId });
    const createdBy = userId ?? apiKeyId ?? null;
    const created = await create(
      { manager, sealer: services.sealer },
      { organizationId, url, eventTypes, description, createdBy, createdAt: services.now() },
    );
    const { endpoint } = created;
    const target = { type: 'WebhookEndpoint', id: endpoint.id };
    await audit(transaction, { organizationId, action: 'webhook.created', target, after: endpointDetails(endpoint) });
    return created;
  });
}
