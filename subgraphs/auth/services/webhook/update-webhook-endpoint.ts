import { z } from 'zod';
import { inTransaction, type ServiceContext } from '#auth/context.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { Unauthenticated } from '#runtime/errors.js';
import { parseInput } from '#runtime/parse-input.js';
import {
  getWebhookEndpoint,
  updateWebhookEndpoint as update,
  type WebhookEndpoint,
} from '#runtime/webhooks/endpoint.js';
import { checkEndpointUrl } from './check-endpoint-url.js';
import {
  descriptionInput,
  endpointDetails,
  eventTypesInput,
  requireEventScopes,
  requireOwnEndpoint,
} from './endpoint-input.js';
import { limitChanges } from './limit-changes.js';

const input = z.object({
  url: z.string().nullish(),
  eventTypes: eventTypesInput.nullish(),
  description: descriptionInput.nullish(),
});

/**
 * Changes what is given of an endpoint. Throws NotFound, InvalidInput, Conflict for a URL that is taken, and Forbidden for
 * an API key whose scopes do not open every event the endpoint then receives, or that would lead another's elsewhere.
 */
export async function updateWebhookEndpoint(
  context: ServiceContext,
  { endpointId: id, ...given }: z.input<typeof input> & { endpointId: string },
): Promise<WebhookEndpoint> {
  const { identity, manager } = context;
  const { organizationId } = identity;
  if (!organizationId) throw new Unauthenticated();
  const { url: newUrl, eventTypes, description } = parseInput(input, given);
  const known = await getWebhookEndpoint(manager, { organizationId, id });
  const url = newUrl ?? known.url;
  await limitChanges(context, { organizationId });
  if (url !== known.url) await checkEndpointUrl(context, { url });
  return inTransaction(context, async (transaction) => {
    const before = await getWebhookEndpoint(transaction.manager, { organizationId, id, isLocked: true });
    const changed = {
      url: newUrl ?? before.url,
      // Null as parsed means every type.
      eventTypes: given.eventTypes ? (eventTypes ?? null) : before.eventTypes,
      description: description ?? before.description,
    };
    requireEventScopes(identity, changed);
    if (changed.url !== before.url) requireOwnEndpoint(identity, before);
    const endpoint = await update(transaction.manager, { organizationId, id }, changed);
    await audit(transaction, {
      organizationId,
      action: 'webhook.updated',
      target: { type: 'WebhookEndpoint', id },
      before: endpointDetails(before),
      after: endpointDetails(endpoint),
    });
    return endpoint;
  });
}
