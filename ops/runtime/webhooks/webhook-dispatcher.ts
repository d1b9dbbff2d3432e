import { inSpan } from '#runtime/scope/spans.js';
import type { Services } from '#runtime/services.js';
import { observeOldestWebhook, observeWebhookAttempt } from '#runtime/telemetry/observe-webhooks.js';
import { openWebhookSecret, type WebhookDisabledReason } from './endpoint.js';
import {
  type AttemptResult,
  type ClaimedDelivery,
  claimDeliveries,
  type DeliveryTarget,
  type DueEndpoint,
  deferSuccessors,
  listDueEndpoints,
  readTarget,
  recordEndpointAttempt,
  settleDeliveries,
  skipPending,
} from './outbox.js';
import { nextAttempt } from './retry-schedule.js';
import { webhookHeaders } from './signature.js';
import { ANSWER_TIMEOUT_MS, type WebhookAnswer, type WebhookSender } from './webhook-sender.js';

/** Disables an endpoint that answered 410 or delivered nothing for days, and informs its administrators. Repeatable. */
export type DisableEndpoint = (
  endpoint: { id: string; organizationId: string },
  reason: Extract<WebhookDisabledReason, 'FAILING' | 'GONE'>,
) => Promise<void>;

export interface DispatcherOptions extends Pick<Services, 'operations' | 'sealer' | 'alerts' | 'logger' | 'now'> {
  sender: Pick<WebhookSender, 'send'>;
  disableEndpoint: DisableEndpoint;
}

/** Endpoints that are drained side by side. */
const ENDPOINTS_AT_ONCE = 100;
/** Requests to one endpoint at a time, and while it fails. */
const REQUESTS_AT_ONCE = 20;
const REQUESTS_WHILE_FAILING = 1;
/** Longer than an attempt: only the delivery of a worker that was killed is claimed again. */
const LEASE_MS = 4 * ANSWER_TIMEOUT_MS;
/** After this an endpoint yields to those that wait. */
const SLICE_MS = 5_000;
/** The pause of an endpoint that took nothing. */
const BACK_OFF_MS = 5_000;
/** How long an endpoint fails before it is disabled. */
const DISABLE_AFTER_MS = 5 * 24 * 60 * 60 * 1000;
const GONE = 410;
/** When a due delivery that no worker attempts is a matter for the operator. */
const LATE_MS = 15 * 60 * 1000;

const LATE =
  'Webhooks wait for a quarter of an hour: check that a worker runs the job webhooks.deliver, and that it is not overloaded.';

/**
 * Sends due deliveries: endpoints side by side, the deliveries of a resource one after the other. Several processes may run
 * it at once.
 */
export class WebhookDispatcher {
  readonly #options: DispatcherOptions;
  readonly #draining = new Map<string, Promise<void>>();
  /** Until when endpoints are backed off. */
  readonly #backedOff = new Map<string, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #currentPoll: Promise<void> | undefined;
  #nextPoll: Promise<void> | undefined;
  /** Counts calls: a drain that ends polls again when there was one meanwhile. */
  #calls = 0;
  #hasMore = false;
  #isClosed = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Begins to send what is due, as far as there is room. Resolves once it has begun. */
  async dispatch(): Promise<void> {
    this.#calls += 1;
    await this.#poll();
  }

  /** One poll at a time; calls during one share the next, as they may be about what was committed after it. */
  #poll(): Promise<void> {
    this.#nextPoll ??= (async () => {
      await this.#currentPoll?.catch(() => {});
      this.#currentPoll = this.#nextPoll;
      this.#nextPoll = undefined;
      await this.#start();
    })();
    return this.#nextPoll;
  }

  async #start(): Promise<void> {
    const { operations, now } = this.#options;
    const at = now();
    for (const [id, until] of this.#backedOff) if (until <= at.getTime()) this.#backedOff.delete(id);
    const limit = ENDPOINTS_AT_ONCE - this.#draining.size;
    if (this.#isClosed || limit <= 0) {
      this.#hasMore = true;
      return;
    }
    const except = [...this.#draining.keys(), ...this.#backedOff.keys()];
    const due = await listDueEndpoints(operations, { now: at, except, limit });
    this.#hasMore = due.length === limit;
    this.#observe(due, at);
    for (const { id } of due) this.#begin(id);
  }

  #observe(due: DueEndpoint[], now: Date): void {
    observeOldestWebhook(due[0]?.oldestDueAt);
    const before = now.getTime() - LATE_MS;
    const isLate = ({ dueAt, lastAttemptAt }: DueEndpoint) =>
      dueAt.getTime() < before && (lastAttemptAt === null || lastAttemptAt.getTime() < before);
    if (!due.some(isLate)) return;
    const kind = { category: 'integration', key: 'webhooks-late', runbook: 'webhooks-late' } as const;
    this.#options.alerts.raise({ ...kind, message: LATE });
  }

  #begin(id: string): void {
    if (this.#draining.has(id)) return;
    const calls = this.#calls;
    const drain = this.#drain(id)
      .catch((err) => {
        this.#options.logger.error({ err, endpointId: id }, 'Webhooks of an endpoint could not be delivered');
        this.#backOff(id);
        return calls;
      })
      .then((seen) => {
        this.#draining.delete(id);
        if (seen !== this.#calls || this.#hasMore) return this.#poll();
      })
      .catch((err) => this.#options.logger.error({ err }, 'Due webhooks could not be read'));
    this.#draining.set(id, drain);
  }

  /** Returns the number of calls before its last claim. */
  async #drain(id: string): Promise<number> {
    const { operations, now } = this.#options;
    const endsAt = performance.now() + SLICE_MS;
    for (;;) {
      const calls = this.#calls;
      const target = await readTarget(operations, id);
      if (!target || this.#isClosed) return calls;
      if (target.disabledReason) {
        await skipPending(operations, { id, now: now() });
        return calls;
      }
      const limit = target.failingSince ? REQUESTS_WHILE_FAILING : REQUESTS_AT_ONCE;
      const at = now();
      const leaseEndsAt = new Date(at.getTime() + LEASE_MS);
      const claimed = await claimDeliveries(operations, { endpointId: id, now: at, leaseEndsAt, limit });
      if (claimed.length === 0) return calls;
      const isDelivered = await this.#attempt(target, claimed);
      if (!isDelivered) this.#backOff(id);
      // -1: there may be more.
      if (!isDelivered || performance.now() > endsAt) return isDelivered ? -1 : calls;
    }
  }

  #backOff(id: string): void {
    this.#backedOff.set(id, this.#options.now().getTime() + BACK_OFF_MS);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#poll().catch((err) => this.#options.logger.error({ err }, 'Due webhooks could not be read'));
    }, BACK_OFF_MS);
    this.#timers.add(timer.unref());
  }

  /** Sends what was claimed and records it. Returns whether anything was delivered. */
  async #attempt(target: DeliveryTarget, claimed: ClaimedDelivery[]): Promise<boolean> {
    const { operations, disableEndpoint, now } = this.#options;
    const { id } = target;
    const secrets = this.#secretsOf(target);
    const results = await Promise.all(claimed.map((delivery) => this.#send(target, secrets, delivery)));
    const isDelivered = results.some(({ state }) => state === 'DELIVERED');
    // What a stop has cut is sent again by another worker, when the lease ends.
    const kept = this.#isClosed ? results.filter(({ state }) => state === 'DELIVERED') : results;
    await settleDeliveries(operations, { endpointId: id, results: kept, now: now() });
    if (this.#isClosed) return isDelivered;
    await deferSuccessors(operations, { endpointId: id, results });
    const failingSince = await recordEndpointAttempt(operations, { id, isDelivered, now: now() });
    if (results.some(({ status }) => status === GONE)) await disableEndpoint(target, 'GONE');
    else if (failingSince && now().getTime() - failingSince.getTime() >= DISABLE_AFTER_MS) {
      await disableEndpoint(target, 'FAILING');
    }
    return isDelivered;
  }

  #secretsOf({ id, organizationId, sealedSecret, ...previous }: DeliveryTarget): string[] {
    const { sealer, now } = this.#options;
    const { sealedPreviousSecret, previousSecretUntil } = previous;
    const isOverlapping = previousSecretUntil !== null && previousSecretUntil > now();
    const sealed = isOverlapping && sealedPreviousSecret ? [sealedSecret, sealedPreviousSecret] : [sealedSecret];
    return sealed.map((one) => openWebhookSecret(sealer, { id, organizationId }, one));
  }

  async #send(
    { id: endpointId, organizationId, url }: DeliveryTarget,
    secrets: string[],
    delivery: ClaimedDelivery,
  ): Promise<AttemptResult> {
    const { sender, logger, now } = this.#options;
    const { id, eventId, eventType, body, attempts, queuedAt } = delivery;
    const startedAt = now();
    const headers = {
      ...webhookHeaders(secrets, { id: eventId, sentAt: startedAt, body }),
      'content-type': 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'WebMetrics-Webhooks/1',
    };
    const begun = performance.now();
    const attributes = { 'webmetrics.webhook.event_type': eventType, 'server.address': new URL(url).hostname };
    const answer: WebhookAnswer = await inSpan('POST webhook', { kind: 'client', attributes }, () =>
      sender.send(url, { headers, body, now: startedAt }),
    );
    const elapsedMs = performance.now() - begun;
    const { status, error, excerpt, retryAfter } = answer;
    observeWebhookAttempt(
      error === null ? 'delivered' : status === null ? 'unreachable' : 'refused',
      elapsedMs / 1_000,
    );
    const durationMs = Math.round(elapsedMs);
    const dueAt = error === null ? null : nextAttempt({ attempts, queuedAt, now: now(), retryAfter });
    const state = error === null ? 'DELIVERED' : dueAt ? 'PENDING' : 'FAILED';
    const line = { deliveryId: id, endpointId, organizationId, eventId, eventType, status, attempts, durationMs };
    if (error === null) logger.debug(line, 'Webhook delivered');
    else logger.info({ ...line, reason: error }, dueAt ? 'Webhook failed and will be retried' : 'Webhook given up');
    return { delivery, state, ...(dueAt && { dueAt }), startedAt, durationMs, status, error, excerpt };
  }

  /** Resolves when nothing is being sent any more. */
  async idle(): Promise<void> {
    do await Promise.allSettled([...this.#draining.values(), this.#currentPoll, this.#nextPoll]);
    while (this.#draining.size > 0);
  }

  /** Begins nothing more, and waits for what is being sent, up to the timeout. */
  async close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.idle(), timeout]);
    clearTimeout(timer);
  }
}
