import { strictEqual } from 'node:assert';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Comparison, sideBySide } from '#ops/bench/side-by-side.js';
import { megabytes } from '#ops/bench/statistics.js';
import { runTimes } from '#ops/bench/workload.js';
import type { Logger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { answerByHand } from './by-hand.js';
import { analyzeDays, copyDays } from './copied-days.js';
import { askPerformance, openQuestionedPlatform, type QuestionedPlatform, rangeAt } from './performance-question.js';

const AGENCY = { accounts: 20, campaigns: 50, days: 730 };
/** With the days of the year before, all of them but those of the last weeks. */
const DAYS = 337;
const ROUNDS = 7;
const ROUND_MS = 6_000;
const CONCURRENCY = 2;
const REQUESTS_OF_MEMORY = 40;

/** The graph, and the same aggregate by a statement written for it. */
export interface AnswersFigures extends Comparison {
  rows: number;
  memory: { beforeMb: number; afterMb: number; requests: number };
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const micros = (amount: string) => Math.round(Number(amount) * 1e6);

async function checkSame({ gateway }: QuestionedPlatform, pool: pg.Pool, organizationId: string): Promise<void> {
  const range = rangeAt(0, DAYS);
  const { edges, totalCount } = await askPerformance(gateway, organizationId, range);
  const rows = await answerByHand(pool, organizationId, range);
  strictEqual(totalCount, rows.length);
  for (const [side, column] of [
    ['metrics', 'cost'],
    ['previous', 'cost_before'],
  ] as const) {
    const amounts = edges.map(({ node }) => micros(node[side].cost.amount));
    strictEqual(sum(amounts), sum(rows.map((row) => Number(row[column]))));
  }
}

/** Measures performance over 730,000 copied days of campaigns, against the same aggregate written by hand. */
export async function measureAnswers(logger: Logger, scale: number): Promise<AnswersFigures> {
  const lifecycle = new Lifecycle(logger);
  try {
    const opened = await openQuestionedPlatform(lifecycle, logger);
    const { platform, gateway, database } = opened;
    const organizationId = randomUUID();
    const size = { ...AGENCY, campaigns: Math.max(2, Math.round(AGENCY.campaigns * scale)) };
    await copyDays(database, [organizationId], size);
    await analyzeDays(database);
    const pool = new pg.Pool({ connectionString: platform.services.databaseUrl, max: 4 });
    lifecycle.onClose('Pool', () => pool.end());
    await checkSame(opened, pool, organizationId);
    const graph = (iteration: number) => askPerformance(gateway, organizationId, rangeAt(iteration, DAYS));
    const comparison = await sideBySide(
      graph,
      (iteration) => answerByHand(pool, organizationId, rangeAt(iteration, DAYS)),
      { rounds: ROUNDS, roundMs: ROUND_MS * Math.max(scale, 0.2), concurrency: CONCURRENCY },
    );
    const requests = Math.max(5, Math.round(REQUESTS_OF_MEMORY * scale));
    const beforeMb = megabytes(process.memoryUsage().rss);
    await runTimes(graph, requests, CONCURRENCY);
    const memory = { beforeMb, afterMb: megabytes(process.memoryUsage().rss), requests };
    return { ...comparison, rows: size.accounts * size.campaigns * size.days, memory };
  } finally {
    await lifecycle.close();
  }
}
