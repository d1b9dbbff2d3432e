import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { StripeAccount } from './account.js';

/** Answers a hosted page, or what it submits. */
export function answerPages(_request: WireRequest, _account: StripeAccount): WireAnswer {
  return { status: 404, body: 'Not found' };
}
