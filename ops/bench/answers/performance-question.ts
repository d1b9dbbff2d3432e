import type { DataSource } from 'typeorm';
import { InProcessDataSource } from '#gateway/federation/data-sources/in-process.js';
import {
  type BenchPlatform,
  type Gateway,
  openBenchPlatform,
  ownerOf,
  queryGateway,
} from '#ops/bench/bench-platform.js';
import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { LAST_DAY } from './copied-days.js';

const PERFORMANCE = /* GraphQL */ `
  query ($range: DateRangeInput!) {
    organization {
      performance(range: $range, compareTo: PREVIOUS_YEAR, groupBy: [MONTH, PROVIDER], first: 1000) {
        totalCount
        edges {
          node {
            month
            provider { id }
            currency
            metrics { ...Figures }
            previous { ...Figures }
            change { cost { absolute percent } cpa { percent } }
          }
        }
        totals { currency metrics { ...Figures } }
      }
    }
  }
  fragment Figures on PerformanceMetrics {
    impressions clicks cost { amount } conversions conversionValue { amount } ctr cpc { amount } cpa { amount } roas
  }
`;

interface Costs {
  cost: { amount: string };
}

interface Answer {
  organization: { performance: { totalCount: number; edges: { node: { metrics: Costs; previous: Costs } }[] } };
}

/** WebMetrics with a database of its own, whose copied days are asked for. */
export interface QuestionedPlatform {
  platform: BenchPlatform;
  gateway: Gateway;
  database: DataSource;
}

/** Opens a platform until `lifecycle` closes. */
export async function openQuestionedPlatform(lifecycle: Lifecycle, logger: Logger): Promise<QuestionedPlatform> {
  const platform = await openBenchPlatform(lifecycle, logger);
  const sources = platform.running.map(({ name, execute }) => [name, new InProcessDataSource(execute)] as const);
  const gateway = await platform.startGateway(new Map(sources));
  return { platform, gateway, database: platform.services.databases.get('integrations') as DataSource };
}

const textOf = (day: Date) => day.toISOString().slice(0, 10);

/** Returns days up to one of the last four weeks, so that questions in a row differ. */
export function rangeAt(iteration: number, days: number): { start: string; end: string } {
  const end = new Date(LAST_DAY);
  end.setUTCDate(end.getUTCDate() - (iteration % 28));
  const start = new Date(end);
  start.setUTCDate(start.getUTCDate() - days + 1);
  return { start: textOf(start), end: textOf(end) };
}

/** Asks the graph for days beside those of the year before, by month and provider. */
export async function askPerformance(gateway: Gateway, organizationId: string, range: { start: string; end: string }) {
  const { organization } = await queryGateway<Answer>(gateway, ownerOf(organizationId), PERFORMANCE, { range });
  return organization.performance;
}
