import type { CallLog } from './call-log.js';
import type { Fault, Faults } from './faults.js';
import { NotSimulated } from './not-simulated.js';
import type { SimulatedProvider } from './provider.js';
import type { WireAnswer, WireRequest } from './wire.js';
import type { World } from './world.js';

/** What to send on a connection: an answer, half of one, or none. */
export type Outcome = { kind: 'answer' | 'truncate'; answer: WireAnswer } | { kind: 'hang' | 'reset' };

/** Applies faults to calls and logs them. */
export class CallHandler {
  readonly #providers: readonly SimulatedProvider[];
  readonly #world: World;
  readonly #faults: Faults;
  readonly #calls: CallLog;

  constructor(providers: readonly SimulatedProvider[], world: World, faults: Faults, calls: CallLog) {
    this.#providers = providers;
    this.#world = world;
    this.#faults = faults;
    this.#calls = calls;
  }

  async handle(request: WireRequest): Promise<Outcome> {
    const provider = this.#providerOf(request);
    if (!provider)
      return { kind: 'answer', answer: { status: 404, body: { error: 'No simulated provider answers here' } } };
    const fault = this.#faults.take(provider.id, addressOf(request));
    const outcome = await this.#outcomeOf(provider, request, fault);
    this.#log(provider, request, 'answer' in outcome ? outcome.answer.status : 0, false);
    return outcome;
  }

  async #outcomeOf(provider: SimulatedProvider, request: WireRequest, fault: Fault | undefined): Promise<Outcome> {
    switch (fault?.kind) {
      case 'hang':
      case 'reset':
        return { kind: fault.kind };
      case 'truncate':
        return { kind: 'truncate', answer: await this.#ask(provider, request) };
      case 'status':
      case 'garbage':
      case 'html':
        return { kind: 'answer', answer: faultyAnswer(fault, provider, request, this.#world) };
      case 'latency':
        await new Promise((resolve) => setTimeout(resolve, fault.latencyMs ?? 1_000).unref());
        return { kind: 'answer', answer: await this.#ask(provider, request) };
      default:
        return { kind: 'answer', answer: await this.#ask(provider, request) };
    }
  }

  async #ask(provider: SimulatedProvider, request: WireRequest): Promise<WireAnswer> {
    try {
      return await provider.answer(request, this.#world, (inner) => this.#handleInner(inner));
    } catch (error) {
      if (error instanceof NotSimulated) return error.answer();
      throw error;
    }
  }

  // A call in a batch has no connection to cut: only its answer can fail.
  async #handleInner(request: WireRequest): Promise<WireAnswer> {
    const provider = this.#providerOf(request);
    if (!provider) return { status: 404, body: {} };
    const fault = this.#faults.take(provider.id, addressOf(request), ['status']);
    const answer = fault ? faultyAnswer(fault, provider, request, this.#world) : await this.#ask(provider, request);
    this.#log(provider, request, answer.status, true);
    return answer;
  }

  #providerOf(request: WireRequest): SimulatedProvider | undefined {
    return this.#providers.find(
      (provider) => provider.hosts.includes(request.host) && (provider.claims?.(request) ?? true),
    );
  }

  #log(provider: SimulatedProvider, request: WireRequest, status: number, inner: boolean): void {
    this.#calls.add(provider.id, request, status, this.#world.clock.now(), inner);
  }
}

function addressOf(request: WireRequest): string {
  const query = request.query.toString();
  return query === '' ? request.path : `${request.path}?${query}`;
}

function faultyAnswer(fault: Fault, provider: SimulatedProvider, request: WireRequest, world: World): WireAnswer {
  if (fault.kind === 'garbage') {
    return {
      status: fault.status ?? 200,
      headers: { 'content-type': 'application/json; charset=UTF-8', ...fault.headers },
      body: '{"data":[{"id":"12',
    };
  }
  if (fault.kind === 'html') {
    return {
      status: fault.status ?? 502,
      headers: { 'content-type': 'text/html; charset=UTF-8', ...fault.headers },
      body: '<!doctype html><html><head><title>Error</title></head><body><h1>Something went wrong</h1></body></html>',
    };
  }
  const status = fault.status ?? 500;
  if (fault.body !== undefined) return { status, ...(fault.headers && { headers: fault.headers }), body: fault.body };
  const answer = provider.errorFor(status, request, world);
  return { ...answer, headers: { ...answer.headers, ...fault.headers } };
}
