import { exitWith, readCommandLine } from '../ops/runtime/command-line.js';
import { loadConfig } from '../ops/runtime/config.js';
import { ConfigurationError } from '../ops/runtime/errors.js';
import { Lifecycle } from '../ops/runtime/lifecycle.js';
import { createLogger } from '../ops/runtime/logger.js';
import { openFoundation, openRuntime } from '../ops/runtime/runtime.js';
import { type SubgraphName, subgraphNames } from '../schema/type-definitions.js';
import { subgraphs } from './index.js';
import { workOn } from './work-on.js';

// `npm run worker [-- billing reporting]`: the jobs of all subgraphs, or of those named, and nothing else.

function readNames(): SubgraphName[] {
  const { words } = readCommandLine({});
  const unknown = words.find((word) => !subgraphNames.includes(word as SubgraphName));
  if (unknown) throw new ConfigurationError(`There is no subgraph ${unknown}: there are ${subgraphNames.join(', ')}.`);
  return words.length > 0 ? (words as SubgraphName[]) : [...subgraphNames];
}

try {
  const names = readNames();
  const config = loadConfig({}, subgraphNames);
  const logger = createLogger({ level: config.logLevel, name: 'worker' });
  const lifecycle = new Lifecycle(logger);
  await lifecycle.run(async () => {
    const runtime = await openRuntime(openFoundation({ config, logger, lifecycle }));
    const running = await Promise.all(names.map(async (name) => (await subgraphs[name]()).open(runtime)));
    await workOn(runtime, running);
    process.stdout.write(`Worker for ${names.join(', ')}\n`);
  });
} catch (error) {
  exitWith(error);
}
