import type { WireAnswer } from '#integrations/providers/wire.js';
import type { OutboundRequest } from '#runtime/http/http-client.js';

/** The user who connected, the app (all tenants), or one account by external id. */
export type LimitOwner = 'person' | 'app' | { account: string };

/** The same name is the same limit. */
interface LimitName {
  of: LimitOwner;
  limit: string;
}

/** What a request is charged to, by how the provider limits. */
export type Charge = LimitName &
  (
    | {
        /** Requests or tokens per window; the remainder is reported. */
        kind: 'window';
      }
    | {
        /** A reported percentage that recovers gradually. */
        kind: 'share';
      }
    | {
        /** Documented requests per `windowMs`, not reported: counted by us. */
        kind: 'counter';
        max: number;
        windowMs: number;
      }
    | {
        /** Requests in flight. */
        kind: 'concurrency';
        max: number;
      }
    | {
        /** Unknown until the provider refuses. */
        kind: 'refusal';
      }
  );

/** A validated report (reported.ts). Times are milliseconds since 1970. */
export type ReportedLimit = LimitName &
  (
    | { kind: 'window'; max: number; used: number; resetsAt: number; cost?: number }
    | { kind: 'share'; usedPercent: number; resetsAt?: number }
    /** No request before `until`. */
    | { kind: 'pause'; until: number }
  );

/** How one provider limits its clients. */
export interface LimitRules {
  /** Returns the limits a request is charged to. */
  chargesOf(request: OutboundRequest): Charge[];
  /** Returns what an answer reports, errors included. Never throws. */
  reportedBy(answer: WireAnswer, request: OutboundRequest, now: Date): ReportedLimit[];
}
