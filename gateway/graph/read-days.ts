import type { GatewayContext } from '#gateway/context.js';
import { dataOf, type RunOperation } from './run-operation.js';

/** Days from `start` to `end`, both included, `YYYY-MM-DD`. */
export interface DayRange {
  start: string;
  end: string;
}

/** What `Organization.days` is asked for. */
export interface DaysRequest {
  /** A value of the enum `Period`. */
  period: string;
  /** In whose time zone, where they share one; undefined = that of the organization. */
  accountIds?: unknown;
  providers?: unknown;
}

/** Returns the days of a period. Throws what the graph reports about its accounts. */
export async function readDays(run: RunOperation, request: DaysRequest, context: GatewayContext): Promise<DayRange> {
  const answer = await run<{ organization: { days: DayRange } | null }>('GetDays', { ...request }, context);
  const { organization } = dataOf(answer);
  if (!organization) throw new Error('Days were answered without an organization.');
  return organization.days;
}
