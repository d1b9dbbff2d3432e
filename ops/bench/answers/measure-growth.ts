import { randomUUID } from 'node:crypto';
import { type Comparison, sideBySide } from '#ops/bench/side-by-side.js';
import type { Logger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { analyzeDays, type CopiedSize, copyDays } from './copied-days.js';
import { askPerformance, openQuestionedPlatform, rangeAt } from './performance-question.js';

const DAYS = 60;
const ROUNDS = 7;
const ROUND_MS = 4_000;
const CONCURRENCY = 2;
const ORGANIZATIONS_AT_ONCE = 200;

/** Of a database with many organizations, and of one with a single one; `ratio` = what a question costs among many. */
export interface GrowthFigures extends Comparison {
  organizations: number;
  rows: number;
}

/** Measures the same question in a database with one organization, and in one with many of the same size. */
export async function measureGrowth(
  logger: Logger,
  organizations: number,
  size: CopiedSize,
  scale: number,
): Promise<GrowthFigures> {
  const lifecycle = new Lifecycle(logger);
  try {
    const ids = Array.from({ length: organizations }, () => randomUUID());
    const single = await openQuestionedPlatform(lifecycle, logger);
    const many = await openQuestionedPlatform(lifecycle, logger);
    const [first = ''] = ids;
    await copyDays(single.database, [first], size);
    for (let at = 0; at < ids.length; at += ORGANIZATIONS_AT_ONCE) {
      await copyDays(many.database, ids.slice(at, at + ORGANIZATIONS_AT_ONCE), size);
    }
    for (const { database } of [single, many]) await analyzeDays(database);
    const comparison = await sideBySide(
      (iteration) => askPerformance(single.gateway, first, rangeAt(iteration, DAYS)),
      // Rotates organizations: their pages are not all in memory.
      (iteration) =>
        askPerformance(many.gateway, ids[(iteration * 7919) % ids.length] ?? first, rangeAt(iteration, DAYS)),
      { rounds: ROUNDS, roundMs: ROUND_MS * Math.max(scale, 0.2), concurrency: CONCURRENCY },
    );
    return { ...comparison, organizations, rows: organizations * size.accounts * size.campaigns * size.days };
  } finally {
    await lifecycle.close();
  }
}
