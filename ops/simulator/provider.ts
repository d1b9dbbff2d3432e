import type { WireAnswer, WireRequest } from './wire.js';
import type { World } from './world.js';

/** Runs a request of a batch through faults, handler and log. */
export type InnerCall = (request: WireRequest) => Promise<WireAnswer>;

/** One simulated API; `providers.ts` lists them. */
export interface SimulatedProvider {
  /** The name in the call log and in faults. */
  id: string;
  hosts: readonly string[];
  /** Decides between providers of one host; the first that claims a request gets it. */
  claims?: (request: WireRequest) => boolean;
  /** Answers a request, errors included; never throws for an error of the caller. */
  answer(request: WireRequest, world: World, inner: InnerCall): WireAnswer | Promise<WireAnswer>;
  /** Returns this provider's error body for a status, for injected faults. */
  errorFor(status: number, request: WireRequest, world: World): WireAnswer;
}
