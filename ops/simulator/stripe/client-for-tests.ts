import Stripe from 'stripe';
import { type Answer, call, postForm } from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';
import { SECRET_KEY } from './answer.js';

/** The official client, pointed at a simulator; makes one attempt a call. */
export function stripeClient(simulator: Simulator, options: Stripe.StripeConfig = {}): Stripe {
  // The client's base path is fixed, hence the first segment of the simulator's address goes into every request here.
  const httpClient = Stripe.createFetchHttpClient((input: string | URL | Request, init?: RequestInit) => {
    const url = new URL(String(input));
    // `fetch` computes the length itself, and Node.js 20's refuses one of ours once the package undici is loaded beside it.
    const headers = new Headers(init?.headers);
    headers.delete('content-length');
    return fetch(`${simulator.url}/api.stripe.com${url.pathname}${url.search}`, { ...init, headers });
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

/** What a browser arrives at after a hosted page: an address elsewhere, or a page with an error. */
export interface Arrival {
  status: number;
  /** Outside the simulator, such as the success URL; null while on a page. */
  location: string | null;
  /** What the page says is wrong. */
  error: string | null;
  html: string;
  /** The page on which the bank asks for authentication, if that is where it ended. */
  authenticate?: string;
}

/** Submits a hosted page's form and follows redirects within the simulator, never beyond it. */
export async function submitPage(url: string, fields: Record<string, string>): Promise<Arrival> {
  let answer = await postForm(url, fields);
  for (let hops = 0; hops < 5; hops += 1) {
    const location = answer.headers.get('location');
    if (location === null) return arrivalOf(answer);
    if (new URL(location).origin !== new URL(url).origin || !/\.stripe\.com\//.test(location))
      return { status: answer.status, location, error: null, html: '' };
    answer = await call(location);
    if (answer.status === 200 && location.includes('/3d_secure/'))
      return { ...arrivalOf(answer), authenticate: location };
  }
  throw new Error(`Too many redirects from ${url}`);
}

function arrivalOf({ status, body }: Answer): Arrival {
  const error = /role="alert">([^<]*)</.exec(String(body))?.[1] ?? null;
  const text = error?.replaceAll(/&#(\d+);/g, (_match, code) => String.fromCharCode(Number(code))) ?? null;
  return { status, location: null, error: text, html: String(body) };
}

export interface CheckoutForm {
  /** A test card's number; absent = 4242 4242 4242 4242, null = none (a trial that needs no card). */
  card?: string | null;
  /** What to do when the bank asks for authentication. */
  authenticate?: 'complete' | 'fail';
  expiry?: string;
  country?: string;
  name?: string;
  email?: string;
  taxId?: { type: string; value: string };
}

/** Pays on a checkout page as a customer does; `location` is the success URL when that worked. */
export async function payCheckout(url: string, form: CheckoutForm = {}): Promise<Arrival> {
  const { card = '4242424242424242', expiry, country = 'DE', name = 'Nora Lind', email, taxId } = form;
  const arrival = await submitPage(url, {
    action: 'pay',
    ...(card !== null && { card_number: card }),
    ...(expiry !== undefined && { expiry }),
    ...(email !== undefined && { email }),
    ...(taxId && { tax_id_type: taxId.type, tax_id: taxId.value }),
    country,
    name,
  });
  return authenticated(arrival, form.authenticate);
}

/** Does one thing in the customer portal, such as `cancel`, `resume`, `switch` (`price`), `card` (`card_number`), `details`. */
export async function actInPortal(
  url: string,
  action: string,
  { authenticate, ...fields }: Record<string, string> & { authenticate?: 'complete' | 'fail' } = {},
): Promise<Arrival> {
  return authenticated(await submitPage(url, { action, ...fields }), authenticate);
}

/** Pays an open invoice on its hosted page. */
export async function payInvoice(
  url: string,
  { card = '4242424242424242', authenticate }: { card?: string; authenticate?: 'complete' | 'fail' } = {},
): Promise<Arrival> {
  return authenticated(await submitPage(url, { action: 'pay', card_number: card }), authenticate);
}

function authenticated(arrival: Arrival, decision: 'complete' | 'fail' = 'complete'): Promise<Arrival> | Arrival {
  return arrival.authenticate === undefined ? arrival : submitPage(arrival.authenticate, { action: decision });
}
