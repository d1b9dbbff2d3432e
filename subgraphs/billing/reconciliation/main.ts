import { openBillingDatabase } from '#billing/database.js';
import { loadConfig } from '#runtime/config/config.js';
import { AppError, Conflict } from '#runtime/errors.js';
import { createLogger } from '#runtime/log/logger.js';
import { readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBaseServices, openServices } from '#runtime/services.js';
import { describeRun } from './describe-run.js';
import { reconcile } from './reconcile.js';
import { findLastReconciliation, listDifferences } from './run-record.js';

// `npm run reconcile [-- --last] [--json]`: compares what is stored about subscriptions with Stripe, repairs it and prints what
// differed; `--last` prints the report of the last time. Status 0 = no money differed, 1 = it did, 2 = it could not be compared.

const print = (line: string) => process.stdout.write(`${line}\n`);

try {
  const { flags } = readCommandLine({ last: { type: 'boolean' }, json: { type: 'boolean' } });
  const config = loadConfig();
  const logger = createLogger({ level: config.logLevel, name: 'reconcile' });
  const lifecycle = new Lifecycle(logger);
  await lifecycle.run(async () => {
    const services = await openServices(openBaseServices({ config, logger, lifecycle }));
    const database = await openBillingDatabase(services);
    const stopped = new AbortController();
    lifecycle.onClose('Reconciliation', () => stopped.abort());
    const last = flags.last ? await findLastReconciliation(database) : null;
    const runs = flags.last ? last && [last] : await reconcile({ database, services }, { signal: stopped.signal });
    if (!runs) {
      throw new Conflict(
        flags.last
          ? 'There was no reconciliation yet.'
          : 'Another process is comparing now: npm run reconcile -- --last shows what it finds.',
      );
    }
    let isMoney = false;
    for (const run of runs) {
      const found = await listDifferences(database, run.id);
      isMoney ||= found.some((difference) => difference.isMoney && !difference.isAwaited);
      const lines = flags.json ? [JSON.stringify({ ...run, differences: found })] : describeRun(run, found);
      for (const line of lines) print(line);
    }
    const isWhole = runs.every(({ finishedAt, failedCount }) => finishedAt !== null && failedCount === 0);
    process.exitCode = isMoney ? 1 : isWhole ? 0 : 2;
  });
  await lifecycle.close();
} catch (error) {
  const text = error instanceof AppError ? error.message : (error as Error).stack;
  process.stderr.write(`What is stored was not compared with Stripe. ${text}\n`);
  process.exit(2);
}
