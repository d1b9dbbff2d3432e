import { createHmac } from 'node:crypto';
import { listens, type StripeAccount } from '#simulator/stripe/account.js';
import { type Objects, randomText } from '#simulator/stripe/objects.js';
import { destinationsOf } from './event-destinations.js';
import { notificationOf } from './thin-events.js';

/** One event for one endpoint. */
export interface Delivery {
  event: string;
  type: string;
  endpoint: string;
  url: string;
  attempts: number;
  /** Of the last attempt; 0 = no answer, null = none yet. */
  status: number | null;
  state: 'waiting' | 'sending' | 'delivered' | 'failed' | 'lost';
  /** Seconds of the simulator's clock: when it is sent next. */
  dueAt: number;
}

type Event = Objects['event'] | Objects['v2.core.event'];

/** A webhook endpoint, or a destination of thin events. */
interface Target {
  id: string;
  url: string;
}

function targetsOf(account: StripeAccount, event: Event): Target[] {
  if (event.object === 'event') return account.list('webhook_endpoint').filter((one) => listens(one, event.type));
  return destinationsOf(account, event.type).map(({ id, webhook_endpoint }) => ({
    id,
    url: webhook_endpoint?.url ?? '',
  }));
}

/** Whether it has not been deleted or disabled since. */
function isThere(account: StripeAccount, { id }: Pick<Target, 'id'>): boolean {
  const endpoint = account.find('webhook_endpoint', id) ?? account.find('v2.core.event_destination', id);
  return endpoint?.status === 'enabled';
}

// At Stripe three days of growing pauses; these begin shorter.
const RETRY_AFTER_SECONDS = [5, 60, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, ...Array<number>(6).fill(10 * 3600)];
const TIMEOUT_MS = 10_000;
const MAX_CONCURRENT = 16;
const MAX_KEPT = 10_000;

/**
 * Sends events to the endpoints that listen to them: signed, at least once, retried on the simulator's clock, redirects not
 * followed. The settings `stripeWebhooks…` hold them back, shuffle, repeat and lose them.
 */
export class Deliveries {
  readonly #account: StripeAccount;
  readonly #now: () => number;
  readonly #sentAt: () => number;
  #queue: Delivery[] = [];
  #sending = 0;
  #scheduled: NodeJS.Immediate | undefined;
  readonly #closing = new AbortController();
  #idle: (() => void)[] = [];

  /**
   * In seconds: `now` by the simulator's own clock, not a customer's test clock; `sentAt` by the clock of receivers, which is not
   * advanced with it and refuses signatures of another time.
   */
  constructor(account: StripeAccount, { now, sentAt }: { now: () => number; sentAt: () => number }) {
    this.#account = account;
    this.#now = now;
    this.#sentAt = sentAt;
    account.onEvent = (event) => this.#enqueue(event);
  }

  /** Every delivery that is kept, oldest first. */
  list(): readonly Delivery[] {
    return this.#queue;
  }

  /** Sends what is due; with `release` also while the settings hold deliveries back. Called when time has passed. */
  wake({ release = false } = {}): void {
    if (this.#closing.signal.aborted) return;
    const { stripeWebhooksHeld, stripeWebhooksShuffled } = this.#account.settings;
    if (stripeWebhooksHeld && !release) return;
    const due = this.#queue.filter(({ state, dueAt }) => state === 'waiting' && dueAt <= this.#now());
    if (stripeWebhooksShuffled) shuffle(due);
    for (const delivery of due.slice(0, Math.max(0, MAX_CONCURRENT - this.#sending)))
      void this.#send(delivery, release);
  }

  /** Resolves when nothing is being sent and nothing is due. */
  async settled({ release = false } = {}): Promise<void> {
    this.wake({ release });
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve);
      this.#resolveIdle(release);
    });
  }

  close(): void {
    this.#closing.abort();
    if (this.#scheduled) clearImmediate(this.#scheduled);
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #enqueue(event: Event): void {
    for (const endpoint of targetsOf(this.#account, event)) {
      const { stripeWebhooksLostPercent, stripeWebhooksRepeatedPercent } = this.#account.settings;
      const delivery = this.#deliveryOf(event, endpoint);
      if (happens(stripeWebhooksLostPercent)) delivery.state = 'lost';
      this.#queue.push(delivery);
      if (delivery.state !== 'lost' && happens(stripeWebhooksRepeatedPercent))
        this.#queue.push(this.#deliveryOf(event, endpoint));
    }
    if (this.#queue.length > MAX_KEPT)
      this.#queue = this.#queue.filter(
        ({ state }, n) => state === 'waiting' || state === 'sending' || n > MAX_KEPT / 2,
      );
    this.#schedule();
  }

  #deliveryOf(event: Event, endpoint: Target): Delivery {
    return {
      event: event.id,
      type: event.type,
      endpoint: endpoint.id,
      url: endpoint.url,
      attempts: 0,
      status: null,
      state: 'waiting',
      dueAt: this.#now(),
    };
  }

  // After the work of the present call, whose answer may still be under way.
  #schedule(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      this.wake();
    });
  }

  async #send(delivery: Delivery, release: boolean): Promise<void> {
    const event = this.#account.find('event', delivery.event) ?? this.#account.find('v2.core.event', delivery.event);
    const endpoint = { id: delivery.endpoint, url: delivery.url };
    if (!event || !isThere(this.#account, endpoint)) {
      delivery.state = 'failed';
      return;
    }
    delivery.state = 'sending';
    delivery.attempts += 1;
    this.#sending += 1;
    delivery.status = await this.#post(endpoint, event);
    this.#sending -= 1;
    const isDelivered = delivery.status >= 200 && delivery.status < 300;
    const pause = RETRY_AFTER_SECONDS[delivery.attempts - 1];
    if (isDelivered) {
      delivery.state = 'delivered';
      if (event.object === 'event') event.pending_webhooks = Math.max(0, event.pending_webhooks - 1);
    } else if (pause === undefined) delivery.state = 'failed';
    else {
      delivery.state = 'waiting';
      delivery.dueAt = this.#now() + pause;
    }
    this.wake({ release });
    this.#resolveIdle(release);
  }

  async #post(endpoint: Target, event: Event): Promise<number> {
    const body = JSON.stringify(event.object === 'event' ? event : notificationOf(event), null, 2);
    const secrets = secretsOf(this.#account, endpoint.id, this.#now());
    try {
      const response = await fetch(endpoint.url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), this.#closing.signal]),
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'stripe-signature': signatureOf(body, { secrets, timestamp: this.#sentAt() }),
        },
        body,
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return 0;
    }
  }

  #resolveIdle(release: boolean): void {
    const isHeld = this.#account.settings.stripeWebhooksHeld && !release;
    const isDue = !isHeld && this.#queue.some(({ state, dueAt }) => state === 'waiting' && dueAt <= this.#now());
    if (this.#sending > 0 || isDue) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

/** The header `Stripe-Signature` of a body: https://docs.stripe.com/webhooks#verify-manually */
function signatureOf(body: string, { secrets, timestamp }: { secrets: readonly string[]; timestamp: number }): string {
  const signatures = secrets.map((secret) => createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex'));
  return [`t=${timestamp}`, ...signatures.map((signature) => `v1=${signature}`)].join(',');
}

type EndpointExtra = { secret: string; previous: { secret: string; until: number } };

/** Secrets that sign now: the present one, and for a time the one before. */
function secretsOf(account: StripeAccount, endpoint: string, now: number): string[] {
  const { secret = '', previous } = account.extra<EndpointExtra>(endpoint);
  return previous && previous.until > now ? [secret, previous.secret] : [secret];
}

/** Gives an endpoint a new secret, as in Stripe's dashboard; the old one signs too for `overlapSeconds`. */
export function rollSecret(
  account: StripeAccount,
  { endpoint, overlapSeconds, now }: { endpoint: string; overlapSeconds: number; now: number },
): string {
  const extra = account.extra<EndpointExtra>(account.get('webhook_endpoint', endpoint).id);
  if (extra.secret !== undefined) extra.previous = { secret: extra.secret, until: now + overlapSeconds };
  extra.secret = `whsec_${randomText(32)}`;
  return extra.secret;
}

function happens(percent: number): boolean {
  return Math.random() * 100 < percent;
}

function shuffle<T>(items: T[]): void {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
}
