import { integrations } from '#integrations/index.js';
import { openUnsoldServices } from '#ops/testing/unsold-services.js';
import { type Environment, parseConfig } from '#runtime/config/config.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBaseServices } from '#runtime/services.js';

// A worker that runs one job, reports each part that it stores, and hangs there until it is killed.

export interface JobTask {
  environment: Environment;
  simulatorUrl: string;
  /** Fixed while the process lives. */
  now: string;
  name: string;
  data: Record<string, unknown>;
}

process.once('message', async ({ environment, simulatorUrl, now, name, data }: JobTask) => {
  const logger = createLogger({ level: 'silent', isPretty: false });
  const lifecycle = new Lifecycle(logger);
  const config = parseConfig(environment);
  const base = openBaseServices({ config, logger, lifecycle, simulatorUrl, now: () => new Date(now) });
  const subgraph = await integrations.open(await openUnsoldServices(base));
  process.send?.('begins');
  await subgraph.jobs
    .find((job) => job.name === name)
    ?.run(data as never, {
      signal: new AbortController().signal,
      attempt: 1,
      once: async () => true,
      reportProgress: () => {
        process.send?.('a part is in');
        return new Promise(() => {});
      },
    });
  process.send?.('ends');
});
