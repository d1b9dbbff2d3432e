import { loadConfig } from '#runtime/config/config.js';
import type { JobRun } from '#runtime/jobs/jobs.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBaseServices, openServices } from '#runtime/services.js';

// `node dist/ops/testing/effect-worker.js [before|inside|after]`: a worker whose job's effect is a row in
// operations.effect. It stays for ever before, inside or after the transaction, where a test kills it.

const print = (line: string) => void process.stdout.write(`${line}\n`);

try {
  const [pausePoint] = readCommandLine({}).words;
  const config = loadConfig();
  const logger = createLogger({ level: config.logLevel });
  const lifecycle = new Lifecycle(logger);
  const pauseAt = async (point: string) => {
    if (point !== pausePoint) return;
    print(`paused ${point}`);
    await new Promise(() => {});
  };
  await lifecycle.run(async () => {
    const { jobs, operations } = await openServices(openBaseServices({ config, logger, lifecycle }));
    const run = async ({ key }: { key: string }, { once }: JobRun) => {
      await pauseAt('before');
      await once(operations, async (manager) => {
        await manager.query('INSERT INTO operations.effect VALUES ($1)', [key]);
        await pauseAt('inside');
      });
      await pauseAt('after');
      print(`done ${key}`);
    };
    await jobs.work([{ name: 'test.effect', run }]);
    lifecycle.onClose('Running jobs', () => jobs.drain(5_000));
    print('working');
  });
} catch (error) {
  exitWith(error);
}
