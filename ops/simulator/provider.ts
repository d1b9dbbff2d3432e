import type { WireAnswer, WireRequest } from './wire.js';
import type { World } from './world.js';

/** Runs a batch's request through faults, handler and log. */
export type InnerCall = (request: WireRequest) => Promise<WireAnswer>;

/** One simulated API; `providers.ts` lists them. */
export interface SimulatedProvider {
  /** In the call log and in faults. */
  id: string;
  hosts: readonly string[];
  /** On a shared host, the first provider that claims a request gets it. */
  claims?: (request: WireRequest) => boolean;
  /** Answers a request; never throws for a caller's error. */
  answer(request: WireRequest, world: World, inner: InnerCall): WireAnswer | Promise<WireAnswer>;
  /** Returns this provider's error body for a status, for injected faults. */
  errorFor(status: number, request: WireRequest, world: World): WireAnswer;
}
