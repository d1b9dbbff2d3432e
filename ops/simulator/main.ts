import { parseArgs } from 'node:util';
import { type Simulator, startSimulator } from './index.js';

const USAGE =
  'Usage: main.js [--port 8090] [--host 127.0.0.1] [--state file] [--redirect-uri https://… (repeatable)] [--admin] [--quiet]';

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '8090' },
        host: { type: 'string', default: '127.0.0.1' },
        state: { type: 'string' },
        'redirect-uri': { type: 'string', multiple: true },
        admin: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${(error as Error).message}\n${USAGE}`);
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`--port must be a number from 0 to 65535\n${USAGE}`);
  const simulator = await startSimulator({
    port,
    host: options.host,
    quiet: options.quiet,
    ...(options.state !== undefined && { stateFile: options.state }),
    ...(options['redirect-uri'] && { redirectUris: options['redirect-uri'] }),
    admin: options.admin,
  }).catch((error: NodeJS.ErrnoException) =>
    fail(
      error.code === 'EADDRINUSE'
        ? `Port ${port} on ${options.host} is taken; choose another with --port`
        : `The simulator cannot start: ${error.message}`,
    ),
  );
  process.stdout.write(`Provider simulator on ${simulator.url}\n`);
  closeOnSignal(simulator);
}

function closeOnSignal(simulator: Simulator): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void simulator.close().then(() => process.exit(0)));
  }
}

await main();
