import type { WireAnswer } from '#integrations/providers/wire.js';
import type { OutboundRequest } from '#runtime/http/http-client.js';

/**
 * Whose limit it is: of the user who connected, of the whole app (all tenants of this installation), or of one account, by
 * its id at the provider.
 */
export type LimitOwner = 'person' | 'app' | { account: string };

/** A limit by its owner and the provider's name for it; the same name is the same limit. */
interface LimitName {
  of: LimitOwner;
  limit: string;
}

/** A limit that a request is charged to, by how the provider limits. */
export type Charge = LimitName &
  (
    | {
        /** A number of requests or tokens per window; the provider reports what remains with each answer. */
        kind: 'window';
      }
    | {
        /** A percentage that recovers gradually; the provider reports it with each answer. */
        kind: 'share';
      }
    | {
        /** A documented number of requests in any `windowMs`; the provider reports nothing, so that we count. */
        kind: 'counter';
        max: number;
        windowMs: number;
      }
    | {
        /** A number of requests in flight. */
        kind: 'concurrency';
        max: number;
      }
    | {
        /** Unknown until the provider refuses. */
        kind: 'refusal';
      }
  );

/** What an answer reported about a limit, validated (reported.ts). Times are milliseconds since 1970. */
export type ReportedLimit = LimitName &
  (
    | { kind: 'window'; max: number; used: number; resetsAt: number; cost?: number }
    | { kind: 'share'; usedPercent: number; resetsAt?: number }
    /** No request before `until`. */
    | { kind: 'pause'; until: number }
  );

/** How one provider limits its clients. */
export interface LimitRules {
  /** Returns the limits a request is charged to; none where no limit is known. */
  chargesOf(request: OutboundRequest): Charge[];
  /** Returns what an answer reports, errors included. Implausible values are left out; never throws. */
  reportedBy(answer: WireAnswer, request: OutboundRequest, now: Date): ReportedLimit[];
}
