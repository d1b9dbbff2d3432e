import type { WireAnswer } from '#simulator/wire.js';
import { invalidRequest, StripeError } from './stripe-error.js';

/** An answer that its key repeats. */
interface KeptAnswer {
  endpoint: string;
  /** The parameters as they were sent. */
  parameters: string;
  requestId: string;
  /** Seconds. */
  at: number;
  /** null = still being worked on. */
  answer: { status: number; body: unknown } | null;
}

const KEPT_SECONDS = 24 * 60 * 60;
const MAX_KEY = 255;

/** Answers by `Idempotency-Key` for 24 hours: https://docs.stripe.com/api/idempotent_requests */
export class IdempotencyKeys {
  readonly #kept: Map<string, KeptAnswer>;

  constructor(kept: Record<string, KeptAnswer> = {}) {
    this.#kept = new Map(Object.entries(kept).filter(([, { answer }]) => answer !== null));
  }

  state(): Record<string, KeptAnswer> {
    return Object.fromEntries(this.#kept);
  }

  /** Returns the answer to repeat. Throws 409 while the first is worked on, 400 for other parameters or another address. */
  find(key: string, request: { endpoint: string; parameters: string; now: number }): WireAnswer | undefined {
    if (key.length > MAX_KEY)
      throw invalidRequest(`Idempotency keys must be at most ${MAX_KEY} characters; yours has ${key.length}.`);
    const kept = this.#kept.get(key);
    if (!kept) return undefined;
    if (kept.answer !== null && kept.at + KEPT_SECONDS <= request.now) {
      this.#kept.delete(key);
      return undefined;
    }
    if (kept.endpoint !== request.endpoint)
      throw conflict(
        `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${request.endpoint}' vs '${kept.endpoint}'). Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    if (kept.parameters !== request.parameters)
      throw conflict(
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    if (kept.answer === null)
      throw new StripeError(
        409,
        'idempotency_error',
        `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
        { code: 'idempotency_key_in_use' },
      );
    return {
      status: kept.answer.status,
      headers: { 'idempotent-replayed': 'true', 'original-request': kept.requestId },
      body: kept.answer.body,
    };
  }

  begin(key: string, request: { endpoint: string; parameters: string; now: number; requestId: string }): void {
    const { endpoint, parameters, requestId, now } = request;
    this.#kept.set(key, { endpoint, parameters, requestId, at: now, answer: null });
  }

  /** Keeps the answer; `undefined` when the work did not begin, so that the key is free again. */
  finish(key: string, answer: { status: number; body: unknown } | undefined): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    if (answer === undefined) this.#kept.delete(key);
    else kept.answer = answer;
  }
}

function conflict(message: string): StripeError {
  return new StripeError(400, 'idempotency_error', message);
}
