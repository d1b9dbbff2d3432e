import { randomUUID } from 'node:crypto';
import type { Context } from '#billing/context.js';
import { askStripe, nullIfMissing } from '#billing/stripe/ask-stripe.js';
import { stripeKeyOf } from '#billing/stripe/idempotency-key.js';
import { canSell, STRIPE_API_VERSION } from '#billing/stripe/stripe-client.js';
import type { Services } from '#runtime/services.js';
import { sealedWebhookSecrets } from './signing-secrets.js';

interface KnownEndpoint {
  id: string;
  endpointId: string;
}

async function isThere(services: Services, endpointId: string): Promise<boolean> {
  return (await nullIfMissing(askStripe(services, (stripe) => stripe.webhookEndpoints.retrieve(endpointId)))) !== null;
}

/**
 * Has the simulator send its events here: registers an endpoint unless there is one, once also with two processes, and stores
 * its secret sealed. An operator does that at Stripe, and names the secret in the settings: then it does nothing.
 */
export async function registerEndpoint({ database, services }: Pick<Context, 'database' | 'services'>): Promise<void> {
  if (services.config.stripe || !canSell(services)) return;
  const url = `${services.publicUrl()}/webhooks/stripe`;
  const [known] = await database.manager.query<KnownEndpoint[]>(
    'SELECT id, endpoint_id AS "endpointId" FROM billing.webhook_endpoint WHERE url = $1',
    [url],
  );
  if (known && (await isThere(services, known.endpointId))) return;
  // The same key answers with the same endpoint, secret included; after a simulator lost its state, another one.
  const idempotencyKey = stripeKeyOf('webhook endpoint', url, known?.endpointId);
  const { id: endpointId, secret = '' } = await askStripe(services, (stripe) =>
    stripe.webhookEndpoints.create({ url, enabled_events: ['*'], api_version: STRIPE_API_VERSION }, { idempotencyKey }),
  );
  const id = known?.id ?? randomUUID();
  const sealed = services.sealer.seal(secret, sealedWebhookSecrets.associatedDataOf({ id, organizationId: '' }));
  // Of two processes the first one stores it, under its own id.
  await database.manager.query(
    `INSERT INTO billing.webhook_endpoint (id, url, endpoint_id, secret) VALUES ($1, $2, $3, $4)
     ON CONFLICT (url) DO UPDATE SET endpoint_id = $3, secret = $4 WHERE webhook_endpoint.id = $1`,
    [id, url, endpointId, sealed],
  );
}
