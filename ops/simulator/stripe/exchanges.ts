import type { WireAnswer, WireRequest } from '#simulator/wire.js';

type Observe = (exchange: { request: WireRequest; answer: WireAnswer }) => void;

let observe: Observe | undefined;

/** Has every call of api.stripe.com reported with its answer, to those who judge both. */
export function observeExchanges(observer: Observe): void {
  observe = observer;
}

/** Reports a call and its answer. */
export function reportExchange(request: WireRequest, answer: WireAnswer): void {
  observe?.({ request, answer });
}
