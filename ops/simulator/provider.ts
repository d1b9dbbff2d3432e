import type { WireAnswer, WireRequest } from './wire.js';
import type { World } from './world.js';

/** Runs one request through faults, handler and log; lets a batch call count every call inside it. */
export type InnerCall = (request: WireRequest) => Promise<WireAnswer>;

/** One simulated API. A folder exports one or two of these; `providers.ts` lists them. */
export interface SimulatedProvider {
  /** The name in the call log and in faults. */
  id: string;
  /** Real host names this provider answers on. */
  hosts: readonly string[];
  /** Narrows the hosts down when two providers share one; the first in the list that claims a request gets it. */
  claims?: (request: WireRequest) => boolean;
  /** Answers a request, errors included: a provider never throws for something the caller did. */
  answer(request: WireRequest, world: World, inner: InnerCall): WireAnswer | Promise<WireAnswer>;
  /** Returns the error body this provider sends with a status, for injected faults. */
  errorFor(status: number, request: WireRequest, world: World): WireAnswer;
}
