import type { ReportedLimit } from '#integrations/quota/limits.js';
import { type Caller, dateOf, type LimitUse, MINUTE_MS, type Verdict } from './limit-kind.js';

/** A percentage that recovers gradually. */
export interface ShareState {
  kind: 'share';
  usedPercent: number;
  reportedAt: number;
  /** Also once it has passed. */
  resetsAt?: number;
}

/** Without a reported end. */
const HOLDS_MS = MINUTE_MS;
/** Later values are unknown. */
const SHOWN_MS = 60 * MINUTE_MS;

/** Allows requests below the reserve, or once the report no longer holds. */
export function judgeShare(state: ShareState, { now, isBackground, reserve }: Caller): Verdict {
  const until = state.resetsAt ?? state.reportedAt + HOLDS_MS;
  const most = isBackground ? 100 * (1 - reserve) : 100;
  return state.usedPercent < most || until <= now ? { mayGo: true } : { mayGo: false, at: until };
}

/** Returns the state after a report. */
export function shareOfReport(report: Extract<ReportedLimit, { kind: 'share' }>, now: number): ShareState {
  const { usedPercent, resetsAt } = report;
  return { kind: 'share', usedPercent, reportedAt: now, ...(resetsAt !== undefined && { resetsAt }) };
}

/** Returns the use of a share while its report is recent. */
export function shareUse({ usedPercent, reportedAt, resetsAt }: ShareState, now: number): LimitUse | undefined {
  if (now - reportedAt >= SHOWN_MS) return undefined;
  const end = resetsAt !== undefined && resetsAt > now ? resetsAt : undefined;
  return { used: Math.ceil(usedPercent), limit: 100, resetsAt: dateOf(end) };
}
