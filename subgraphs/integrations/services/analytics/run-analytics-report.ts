import { z } from 'zod';
import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { AnalyticsReportModel } from '#integrations/models.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import { unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import { daysToAsk } from '#integrations/services/campaigns/check-range.js';
import { reportedThrough } from '#integrations/services/shared/reported-through.js';
import { checkPageSize, decodeCursor, encodeCursor, type PageArguments } from '#kit/page.js';
import { InvalidInput } from '#runtime/errors.js';
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

interface ReportArguments extends PageArguments {
  account: Account;
  range: DayRange;
  dimensions: string[];
  metrics: string[];
}

/** Rows are read in blocks, so that pages share answers; a page is in one or two of them. */
const BLOCK = 1_000;

/** Returns where the page begins. */
function startOf({ after }: PageArguments): number {
  if (!after) return 0;
  const [position] = decodeCursor(after, 1);
  if (Number.isSafeInteger(position) && (position as number) >= 0) return (position as number) + 1;
  throw new InvalidInput([{ argument: 'after', problem: 'is not a cursor of this list' }]);
}

/** Returns a page of a report on a property. Throws InvalidInput and the provider's errors. */
export async function runAnalyticsReport(
  context: Context,
  { account, range, first, after, ...given }: ReportArguments,
): Promise<AnalyticsReportModel | null> {
  const asked = daysToAsk(range, account.timeZone, context.services.now());
  checkPageSize(first);
  const { dimensions, metrics } = parseInput(input, given);
  if (!asked) return null;
  const start = startOf({ first, after });
  const firstBlock = Math.floor(start / BLOCK);
  const lastBlock = Math.floor((start + first - 1) / BLOCK);
  const offsets = Array.from({ length: lastBlock - firstBlock + 1 }, (_, n) => (firstBlock + n) * BLOCK);
  const ask = (offset: number) =>
    context.loadAnswer({ product: 'analytics', account, range: asked, dimensions, metrics, offset, limit: BLOCK });
  const [head, ...rest] = await Promise.all(offsets.map(ask));
  if (!head) return null;
  const answers = [head, ...rest.flatMap((answer) => answer ?? [])];
  const { rowCount, currency, quality } = head.found;
  const end = Math.min(start + first, rowCount);
  const rows = answers.flatMap(({ found }) => found.rows);
  const oldest = answers.reduce((one, other) => (other.fetchedAt < one.fetchedAt ? other : one));
  return {
    dimensions,
    metrics,
    rows: rows.filter(({ position }) => position >= start && position < end),
    rowCount,
    pageInfo: {
      hasNextPage: end < rowCount,
      hasPreviousPage: start > 0,
      startCursor: start < end ? encodeCursor([start]) : null,
      endCursor: start < end ? encodeCursor([end - 1]) : null,
    },
    currency,
    quality,
    unreadable: unreadableRows(
      account,
      answers.flatMap(({ found }) => found.unreadable),
    ),
    freshness: freshnessOf(context, { ...oldest, isStale: answers.some(({ isStale }) => isStale) }),
    reportedThrough: reportedThrough(account, range, oldest.fetchedAt),
  };
}
