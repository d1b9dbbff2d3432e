import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startSimulatorProcess } from '#ops/bench/bench-site.js';
import { megabytes } from '#ops/bench/statistics.js';
import { makeDataFolder, startPostgres } from '#ops/bench/temporary-database.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import type { BackfillOptions, BackfillOutcome } from './backfill-worker.js';

const CAMPAIGNS = 500;
const DAYS = 365;

/** The cost of a backfill of one large account. */
export interface BackfillFigures {
  campaigns: number;
  days: number;
  rows: number;
  /** Without the list of campaigns. */
  calls: number;
  seconds: number;
  rowsPerSecond: number;
  /** Resident, before the start and at its maximum. */
  idleMegabytes: number;
  peakMegabytes: number;
}

function start(name: string, words: string[], lifecycle: Lifecycle): ChildProcess {
  const child = fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), words);
  lifecycle.onClose(name, async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    if (child.connected) child.disconnect();
    await ended;
  });
  return child;
}

async function outcomeOf(worker: ChildProcess, options: BackfillOptions): Promise<BackfillOutcome> {
  const ended = once(worker, 'exit').then(() => {
    throw new Error('The worker ended before its backfill did.');
  });
  worker.send(options);
  const [outcome] = await Promise.race([once(worker, 'message'), ended]);
  ended.catch(() => {});
  return outcome as BackfillOutcome;
}

/**
 * Backfills a year of an account with 500 campaigns in its own worker and PostgreSQL, without provider latency. `scale`
 * shortens the year.
 */
export async function measureBackfill(scale = 1): Promise<BackfillFigures> {
  const days = Math.max(1, Math.round(DAYS * scale));
  const lifecycle = new Lifecycle(createLogger({ level: 'silent', isPretty: false }));
  try {
    const folder = makeDataFolder(lifecycle);
    const databaseUrl = await startPostgres(lifecycle, folder);
    const simulatorUrl = await startSimulatorProcess(lifecycle);
    const provider = start('many-campaigns', [simulatorUrl, String(CAMPAIGNS)], lifecycle);
    const [providerUrl] = (await once(provider, 'message')) as [string];
    const settings = {
      NODE_ENV: 'test',
      PORT: '0',
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl,
      SIMULATOR_URL: simulatorUrl,
      GOOGLE_ADS_BASE: providerUrl,
    };
    const outcome = await outcomeOf(start('backfill-worker', [], lifecycle), { settings, days });
    if (outcome.days < days) throw new Error(`Only ${outcome.days} of ${days} days were copied.`);
    return {
      campaigns: CAMPAIGNS,
      days: outcome.days,
      rows: outcome.rows,
      calls: outcome.calls,
      seconds: Number(outcome.seconds.toFixed(2)),
      rowsPerSecond: Math.round(outcome.rows / outcome.seconds),
      idleMegabytes: megabytes(outcome.idleBytes),
      peakMegabytes: megabytes(outcome.peakBytes),
    };
  } finally {
    await lifecycle.close();
  }
}

/** Formats the figures of a backfill. */
export function describeBackfill(figures: BackfillFigures): string {
  const { campaigns, days, rows, calls, seconds, rowsPerSecond, idleMegabytes, peakMegabytes } = figures;
  return [
    `Backfill of ${days} days of ${campaigns} campaigns: ${rows} rows in ${calls} calls, ${seconds} s`,
    `  rows a second                               ${rowsPerSecond}`,
    `  memory of the worker at its highest         ${peakMegabytes} MB (target: 300; ${idleMegabytes} MB before)`,
    '',
  ].join('\n');
}
