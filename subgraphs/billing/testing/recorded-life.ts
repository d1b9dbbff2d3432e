import type Stripe from 'stripe';
import { readCustomer } from '#billing/sync/read-customer.js';
import type { HttpClient, OutboundRequest, OutboundResponse } from '#runtime/http/http-client.js';
import type { Services } from '#runtime/services.js';

/** What Stripe answers at one moment of a customer's life. */
interface Moment {
  now: Date;
  /** By path and query. */
  answers: Map<string, OutboundResponse>;
}

/** An event, and the moment from which on it can arrive. */
export interface RecordedEvent {
  body: string;
  type: string;
  moment: number;
}

/** The life of a customer at Stripe, with the events of it. */
export interface RecordedLife {
  name: string;
  customerId: string;
  moments: Moment[];
  events: RecordedEvent[];
}

export interface LifeStep {
  stripe: Stripe;
  customerId: string;
  /** Moves the customer's test clock by so many days. */
  advance(days: number): Promise<void>;
  /** Records what Stripe answers now. */
  record(): Promise<void>;
  /** The customer's only subscription. */
  subscription(): Promise<Stripe.Subscription>;
}

/** So that an invoice is recorded as a draft, which it is for an hour, and as paid. */
const STEP_SECONDS = 6 * 60 * 60;
const STEPS_A_DAY = 4;
const keyOf = (url: string) => {
  const { pathname, search } = new URL(url);
  return `${pathname.replace(/^\/api\.stripe\.com/, '')}${search}`;
};

/** Answers as Stripe did at a moment; what changes something moves to the moment after which that was so. */
export class ReplayedStripe {
  moment = 0;
  readonly #life: RecordedLife;
  requests = 0;

  constructor(life: RecordedLife) {
    this.#life = life;
  }

  async send({ url, method = 'GET' }: OutboundRequest): Promise<OutboundResponse> {
    this.requests += 1;
    const { moments } = this.#life;
    // Cancelling what was charged back is the last step of that life.
    if (method !== 'GET') this.moment = moments.length - 1;
    const known = moments[this.moment]?.answers.get(keyOf(url));
    if (known) return known;
    const error = { type: 'invalid_request_error', code: 'resource_missing', message: 'No such object' };
    return { status: 404, headers: {}, body: JSON.stringify({ error }) };
  }
}

/** Records a life on a test clock of the simulator: after each step all that is read of the customer, and the new events. */
export async function recordLife(
  { services, stripe }: { services: Services; stripe: Stripe },
  { name, beginsAt, card }: { name: string; beginsAt: string; card: string },
  live: (step: LifeStep) => Promise<void>,
): Promise<RecordedLife> {
  let seconds = Date.parse(beginsAt) / 1000;
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: seconds });
  const seen = new Set(
    (await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })).map(({ id }) => id),
  );
  const { id: customerId } = await stripe.customers.create({
    test_clock: clock.id,
    payment_method: card,
    invoice_settings: { default_payment_method: card },
  });
  const life: RecordedLife = { name, customerId, moments: [], events: [] };

  const record = async () => {
    const answers: Moment['answers'] = new Map();
    const send = async (outbound: OutboundRequest) => {
      const answer = await services.http.send(outbound);
      answers.set(keyOf(outbound.url), answer);
      return answer;
    };
    const recording = { ...services, http: { send } as unknown as HttpClient };
    const state = await readCustomer(recording, { customerId, knownSubscriptionId: null });
    // What an event names that does not name its customer.
    const paths = [
      ...state.charges.map(({ id }) => `charges/${id}`),
      ...state.invoices.map(({ id }) => `invoices/${id}`),
      ...state.intents.map(({ id }) => `payment_intents/${id}`),
      ...state.subscriptions.map(({ id }) => `subscriptions/${id}?prorate=false`),
    ];
    for (const path of paths) {
      const url = `${services.simulatorUrl}/api.stripe.com/v1/${path}`;
      const headers = { authorization: 'Bearer sk_test_webmetricssimulator' };
      const answer = await services.http.send({ url: url.replace('?prorate=false', ''), headers });
      answers.set(keyOf(url), answer);
    }
    const all = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
    const fresh = all.filter(({ id }) => !seen.has(id)).reverse();
    for (const event of fresh) seen.add(event.id);
    const moment = life.moments.push({ now: new Date(seconds * 1000), answers }) - 1;
    // Those of the clock are no part of the life.
    const own = fresh.filter(({ type }) => !type.startsWith('test_helpers.'));
    life.events.push(...own.map((event) => ({ body: JSON.stringify(event, null, 2), type: event.type, moment })));
  };
  const advance = async (days: number) => {
    for (let step = 1; step <= days * STEPS_A_DAY; step += 1) {
      seconds += STEP_SECONDS;
      await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: seconds });
      const { data } = await stripe.events.list({ limit: 100 });
      const isEventful = data.some(({ id, type }) => !seen.has(id) && !type.startsWith('test_helpers.'));
      // The last moment shows the time at the end, whatever happened.
      if (isEventful || step === days * STEPS_A_DAY) await record();
    }
  };
  const subscription = async () => {
    const { data } = await stripe.subscriptions.list({
      customer: customerId,
      status: 'all',
      expand: ['data.schedule'],
    });
    const [only] = data;
    if (!only) throw new Error(`${name} has no subscription yet.`);
    return only;
  };
  await record();
  await live({ stripe, customerId, advance, record, subscription });
  return life;
}
