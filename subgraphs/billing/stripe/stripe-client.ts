import type Stripe from 'stripe';
import { ConfigurationError } from '#runtime/errors.js';
import type { HttpClient } from '#runtime/http/http-client.js';
import type { Services } from '#runtime/services.js';

/** The version that the SDK's types describe. */
export const STRIPE_API_VERSION = '2026-10-28.endive';

/** Opens the simulator's account. */
const SIMULATED_STRIPE_KEY = 'sk_test_webmetricssimulator';

const HOST = 'api.stripe.com';
/** Of one attempt. */
const TIMEOUT_MS = 10_000;
/** By the SDK, which keeps the idempotency key and heeds `Stripe-Should-Retry`; our client then repeats nothing. */
const RETRIES = 1;

export type StripeServices = Pick<Services, 'config' | 'http' | 'simulatorUrl'>;

function headersOf(given: ConstructorParameters<typeof Headers>[0]): Record<string, string> {
  return Object.fromEntries(new Headers(given));
}

/** Returns a `fetch` for the SDK that sends over our client: one log line, metric and span for each attempt. */
function fetchOver(http: HttpClient, base: string): typeof fetch {
  return async (input, init) => {
    const { pathname, search } = new URL(String(input));
    const { status, headers, body } = await http.send({
      url: `${base}${pathname}${search}`,
      method: (init?.method ?? 'GET') as 'GET' | 'POST' | 'DELETE',
      headers: headersOf(init?.headers),
      body: typeof init?.body === 'string' && init.body !== '' ? init.body : undefined,
      timeoutMs: TIMEOUT_MS,
      provider: 'Stripe',
    });
    const plain = Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as [string, string]],
    );
    return new Response(body, { status, headers: plain });
  };
}

/** Whether plans can be bought: from Stripe, or outside production from the simulator. */
export function canSell({ config, simulatorUrl }: Pick<StripeServices, 'config' | 'simulatorUrl'>): boolean {
  return config.stripe !== undefined || (!config.isProduction && simulatorUrl !== undefined);
}

// Loaded when it is first used: many processes never ask Stripe.
async function openStripe(config: StripeServices['config'], http: HttpClient, base: string): Promise<Stripe> {
  const { default: Sdk } = await import('stripe');
  return new Sdk(config.stripe?.secretKey ?? SIMULATED_STRIPE_KEY, {
    apiVersion: STRIPE_API_VERSION,
    httpClient: Sdk.createFetchHttpClient(fetchOver(http, base)),
    maxNetworkRetries: RETRIES,
    timeout: TIMEOUT_MS + 1_000,
    telemetry: false,
  });
}

const opened = new WeakMap<HttpClient, Map<string, Promise<Stripe>>>();

/**
 * Returns the SDK of Stripe, or of the simulator outside production. Call it by `askStripe`, which maps errors. Throws
 * ConfigurationError where nothing is sold.
 */
export async function stripeOf(services: StripeServices): Promise<Stripe> {
  const { config, http, simulatorUrl } = services;
  if (!canSell(services)) throw new ConfigurationError('Nothing is sold here: STRIPE_SECRET_KEY is not set.');
  const base = config.stripe ? `https://${HOST}` : `${simulatorUrl}/${HOST}`;
  const clients = opened.get(http) ?? new Map<string, Promise<Stripe>>();
  opened.set(http, clients);
  const name = `${base} ${config.stripe?.secretKey}`;
  const client = clients.get(name) ?? openStripe(config, http, base);
  clients.set(name, client);
  return client;
}
