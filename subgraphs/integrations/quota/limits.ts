import type { WireAnswer } from '#integrations/providers/wire.js';
import type { OutboundRequest } from '#runtime/http/http-client.js';

/**
 * Whose limit it is: of the person who connected, of the whole app (all tenants of this installation), or of one
 * account, by its id at the provider.
 */
export type LimitOwner = 'person' | 'app' | { account: string };

/** A limit a request uses up. */
export interface Draw {
  of: LimitOwner;
  /** In the provider's words; the same name is the same limit. */
  limit: string;
  /** The provider tells what is left with each answer: until it first has, only a few requests go out together. */
  isTold?: boolean;
  /** The provider tells nothing, but documents how many requests it takes in how long: we count ourselves. */
  counted?: { max: number; windowMs: number };
  /** How many requests it answers at a time; the others wait for their turn. */
  atOnce?: number;
}

/** What an answer told about a limit, checked: see told.ts. Times are milliseconds since 1970. */
export type Told = { of: LimitOwner; limit: string } & (
  | { kind: 'window'; max: number; used: number; resetsAt: number; cost?: number }
  | { kind: 'share'; usedPercent: number; resetsAt?: number }
  | { kind: 'pause'; until: number }
);

/** How one provider limits us. */
export interface LimitRules {
  /** Returns what a request uses up; nothing where no limit is known. */
  drawsOf(request: OutboundRequest): Draw[];
  /** Returns what an answer tells, failures included. Whatever makes no sense is left out; never throws. */
  toldBy(answer: WireAnswer, request: OutboundRequest, now: Date): Told[];
}
