import { integrations } from '#integrations/index.js';
import { openUnsoldServices } from '#ops/testing/unsold-services.js';
import { type Environment, parseConfig } from '#runtime/config/config.js';
import type { Identity } from '#runtime/identity/identity.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBaseServices } from '#runtime/services.js';
import { failingWithSources } from './posts-of-account.js';

// A process of its own on a shared database, which runs its operations concurrently. The parent sends a Task, hears
// `ready`, sends `go`, and gets an Outcome.

export interface Task {
  environment: Environment;
  simulatorUrl: string;
  /** Fixed while the process lives. */
  now: string;
  identity: Identity;
  operations: { query: string; variables: Record<string, unknown> }[];
}

export interface Outcome {
  answered: number;
  /** What went wrong, each code once. */
  problems: string[];
}

const nextMessage = <Message>() => new Promise<Message>((resolve) => process.once('message', resolve as never));

async function main(): Promise<void> {
  const { environment, simulatorUrl, now, identity, operations } = await nextMessage<Task>();
  const logger = createLogger({ level: 'silent', isPretty: false });
  const lifecycle = new Lifecycle(logger);
  const config = parseConfig(environment);
  const base = openBaseServices({ config, logger, lifecycle, simulatorUrl, now: () => new Date(now) });
  const subgraph = await integrations.open(await openUnsoldServices(base));
  const go = nextMessage<'go'>();
  process.send?.('ready');
  await go;
  const answers = await Promise.all(
    operations.map(async (operation) => {
      const { data, errors = [] } = await subgraph.execute(operation, identity);
      return failingWithSources({ data, errors: [...errors], code: undefined });
    }),
  );
  const problems = answers.flatMap(({ errors }) =>
    errors.map(({ message, extensions }) => String(extensions?.code ?? message)),
  );
  const outcome: Outcome = {
    answered: answers.filter(({ data, errors }) => data && errors.length === 0).length,
    problems: [...new Set(problems)],
  };
  process.send?.(outcome);
  await lifecycle.close();
  process.disconnect();
}

await main();
