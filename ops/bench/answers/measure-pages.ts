import { strictEqual } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { ownerOf, queryGateway } from '#ops/bench/bench-platform.js';
import { megabytes, quantile, round } from '#ops/bench/statistics.js';
import type { Logger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { analyzeDays, copyDays } from './copied-days.js';
import { openQuestionedPlatform, rangeAt } from './performance-question.js';

const AGENCY = { accounts: 20, campaigns: 50, days: 730 };
const ROWS_OF_PAGE = 1_000;
const PAGES = 60;
/** Until buffers and caches have their size. */
const WARM_PAGES = 10;

const PAGE = /* GraphQL */ `
  query ($range: DateRangeInput!, $first: Int!, $after: String, $isFirst: Boolean!) {
    organization {
      performance(range: $range, groupBy: [DAY, CAMPAIGN], first: $first, after: $after) {
        totalCount @include(if: $isFirst)
        edges { node { day campaign { id } metrics { impressions clicks cost { amount } } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;

interface Answer {
  organization: {
    performance: {
      totalCount?: number;
      edges: unknown[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  };
}

/** Of the largest question page after page, in one process. */
export interface PagesFigures {
  /** Rows that the question has. */
  rows: number;
  pages: number;
  msPerPage: { first: number; median: number; last: number };
  /** Resident in this process: after the first ten pages, and after the last. */
  memory: { beforeMb: number; afterMb: number };
}

/** Measures two years by day and campaign, page after page: 730,000 rows, of which an answer has at most 1,000. */
export async function measurePages(logger: Logger, scale: number): Promise<PagesFigures> {
  const lifecycle = new Lifecycle(logger);
  try {
    const { gateway, database } = await openQuestionedPlatform(lifecycle, logger);
    const organizationId = randomUUID();
    const size = { ...AGENCY, campaigns: Math.max(2, Math.round(AGENCY.campaigns * scale)) };
    await copyDays(database, [organizationId], size);
    await analyzeDays(database);
    const owner = ownerOf(organizationId);
    const range = rangeAt(0, size.days);
    const rows = size.accounts * size.campaigns * size.days;
    const pages = Math.min(PAGES, Math.floor(rows / ROWS_OF_PAGE));
    const times: number[] = [];
    let after: string | undefined;
    let beforeMb = 0;
    for (let page = 1; page <= pages; page += 1) {
      const startedAt = performance.now();
      const variables: Record<string, unknown> = { range, first: ROWS_OF_PAGE, after, isFirst: page === 1 };
      const { organization }: Answer = await queryGateway<Answer>(gateway, owner, PAGE, variables);
      times.push(performance.now() - startedAt);
      const { totalCount, edges, pageInfo } = organization.performance;
      if (page === 1) strictEqual(totalCount, rows);
      strictEqual(edges.length, ROWS_OF_PAGE);
      after = pageInfo.endCursor ?? undefined;
      if (page === Math.min(WARM_PAGES, pages)) beforeMb = megabytes(process.memoryUsage().rss);
    }
    const afterMb = megabytes(process.memoryUsage().rss);
    const [first = Number.NaN] = times;
    const msPerPage = {
      first: round(first, 0),
      median: round(quantile(times, 0.5), 0),
      last: round(times.at(-1) ?? 0, 0),
    };
    return { rows, pages, msPerPage, memory: { beforeMb, afterMb } };
  } finally {
    await lifecycle.close();
  }
}
