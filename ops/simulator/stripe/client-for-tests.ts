import Stripe from 'stripe';
import { type Answer, call } from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';
import { SECRET_KEY } from './answer.js';

/** The official client, pointed at a simulator; makes one attempt a call. */
export function stripeClient(simulator: Simulator, options: Stripe.StripeConfig = {}): Stripe {
  // The client's base path is fixed, hence the first segment of the simulator's address goes into every request here.
  const httpClient = Stripe.createFetchHttpClient((input: string | URL | Request, init?: RequestInit) => {
    const url = new URL(String(input));
    return fetch(`${simulator.url}/api.stripe.com${url.pathname}${url.search}`, init);
  });
  return new Stripe(SECRET_KEY, { httpClient, maxNetworkRetries: 0, telemetry: false, ...options });
}

/** Sends a request as it is, with the key; a string body is sent as a form. */
export function stripeCall(
  simulator: Simulator,
  [method, path]: [string, string],
  { body, headers = {} }: { body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return call(`${simulator.url}/api.stripe.com${path}`, {
    method,
    headers: {
      authorization: `Bearer ${SECRET_KEY}`,
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
}
