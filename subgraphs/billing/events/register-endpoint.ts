import { randomUUID } from 'node:crypto';
import type Stripe from 'stripe';
import type { Context } from '#billing/context.js';
import { askStripe, nullIfMissing } from '#billing/stripe/ask-stripe.js';
import { stripeKeyOf } from '#billing/stripe/idempotency-key.js';
import { canSell, STRIPE_API_VERSION } from '#billing/stripe/stripe-client.js';
import { meterErrorTypes } from '#billing/usage/meters/apply-meter-errors.js';
import { sealedWebhookSecrets } from './signing-secrets.js';

interface Endpoint {
  payload: 'SNAPSHOT' | 'THIN';
  retrieve(stripe: Stripe, id: string): Promise<unknown>;
  create(stripe: Stripe, url: string, options: Stripe.RequestOptions): Promise<{ id: string; secret: string }>;
}

const endpoints: Endpoint[] = [
  {
    payload: 'SNAPSHOT',
    retrieve: (stripe, id) => stripe.webhookEndpoints.retrieve(id),
    create: async (stripe, url, options) => {
      const { id, secret = '' } = await stripe.webhookEndpoints.create(
        { url, enabled_events: ['*'], api_version: STRIPE_API_VERSION },
        options,
      );
      return { id, secret };
    },
  },
  {
    payload: 'THIN',
    retrieve: (stripe, id) => stripe.v2.core.eventDestinations.retrieve(id),
    create: async (stripe, url, options) => {
      const { id, webhook_endpoint } = await stripe.v2.core.eventDestinations.create(
        {
          ...{ name: 'WebMetrics', type: 'webhook_endpoint', event_payload: 'thin', webhook_endpoint: { url } },
          ...{ enabled_events: [...meterErrorTypes], include: ['webhook_endpoint.signing_secret'] },
        },
        options,
      );
      return { id, secret: webhook_endpoint?.signing_secret ?? '' };
    },
  },
];

type RegisterContext = Pick<Context, 'database' | 'services'>;

async function register({ database, services }: RegisterContext, url: string, endpoint: Endpoint): Promise<void> {
  const { payload, retrieve, create } = endpoint;
  const [known] = await database.manager.query<{ id: string; endpointId: string }[]>(
    'SELECT id, endpoint_id AS "endpointId" FROM billing.webhook_endpoint WHERE url = $1 AND payload = $2',
    [url, payload],
  );
  if (known && (await nullIfMissing(askStripe(services, (stripe) => retrieve(stripe, known.endpointId))))) return;
  // The same key answers with the same endpoint, secret included; after a simulator lost its state, another one.
  const idempotencyKey = stripeKeyOf('webhook endpoint', payload, url, known?.endpointId);
  const created = await askStripe(services, (stripe) => create(stripe, url, { idempotencyKey }));
  const id = known?.id ?? randomUUID();
  const sealed = services.sealer.seal(
    created.secret,
    sealedWebhookSecrets.associatedDataOf({ id, organizationId: '' }),
  );
  // Of two processes the first one stores it, under its own id.
  await database.manager.query(
    `INSERT INTO billing.webhook_endpoint (id, url, payload, endpoint_id, secret) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (url, payload) DO UPDATE SET endpoint_id = $4, secret = $5 WHERE webhook_endpoint.id = $1`,
    [id, url, payload, created.id, sealed],
  );
}

/**
 * Has the simulator send its events to a gateway: registers an endpoint for each kind of payload unless there is one, once also with two
 * processes, and stores its secret sealed. An operator does that at Stripe, and names the secrets in the settings: then it does nothing.
 */
export async function registerEndpoint(context: RegisterContext, { url }: { url: string }): Promise<true> {
  const { services } = context;
  if (services.config.stripe || !canSell(services)) return true;
  for (const endpoint of endpoints) await register(context, url, endpoint);
  return true;
}
