import { z } from 'zod';
import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { AnalyticsReportModel } from '#integrations/models.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import { unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import { daysToAsk } from '#integrations/services/campaigns/check-range.js';
import { reportedThrough } from '#integrations/services/shared/reported-through.js';
import { checkPageSize } from '#kit/page.js';
import { parseInput } from '#runtime/parse-input.js';

// Google's names, custom ones such as `customEvent:plan` included.
const name = z.string().regex(/^[A-Za-z_][\w:[\]-]{0,99}$/, "must be one of Google's names");

const distinct = (names: string[]) => new Set(names).size === names.length;

// https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/runReport
const input = z.object({
  dimensions: z.array(name).max(9, 'must name at most 9').refine(distinct, 'must name each once'),
  metrics: z
    .array(name)
    .min(1, 'must name at least one')
    .max(10, 'must name at most 10')
    .refine(distinct, 'must name each once'),
});

interface ReportArguments {
  account: Account;
  range: DayRange;
  dimensions: string[];
  metrics: string[];
  first: number;
}

/** Returns a report on a property. Throws InvalidInput and the provider's errors. */
export async function runAnalyticsReport(
  context: Context,
  { account, range, first, ...given }: ReportArguments,
): Promise<AnalyticsReportModel | null> {
  const asked = daysToAsk(range, account.timeZone, context.services.now());
  checkPageSize(first);
  const { dimensions, metrics } = parseInput(input, given);
  const question = { product: 'analytics' as const, account, dimensions, metrics, limit: first };
  const answer = asked && (await context.loadAnswer({ ...question, range: asked }));
  if (!answer) return null;
  const { rows, rowCount, currency } = answer.found;
  return {
    dimensions,
    metrics,
    rows,
    rowCount,
    currency,
    unreadable: unreadableRows(account, answer.found.unreadable),
    freshness: freshnessOf(context, answer),
    reportedThrough: reportedThrough(account, range, answer.fetchedAt),
  };
}
