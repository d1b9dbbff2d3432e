import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';

export { freePort } from '#ops/testing/free-port.js';

/** One of WebMetrics' programs in its own process. */
export interface StartedProcess {
  child: ChildProcess;
  output(): string;
  /** Ends it with a signal and returns its exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface StartOptions {
  environment?: Record<string, string>;
  /** What it prints when it is ready; absent = wait for its end. */
  readyWhen?: RegExp;
  /** Called as soon as the process runs. */
  onSpawn?(child: ChildProcess): void;
  cwd?: string;
  /** A command that runs the program given to it as arguments, and becomes it. */
  under?: string[];
}

const running = new Set<ChildProcess>();
// Ends what a failed test left running.
afterAll(async () => {
  const ended = [...running].map((child) => once(child, 'exit'));
  for (const child of running) child.kill();
  await Promise.all(ended);
});

/** Returns a new empty folder. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'webmetrics-test-'));
}

/** Returns the settings that the processes of one installation share, without providers. */
export function sharedSettings(databaseUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: '4',
    DATA_DIR: newFolder(),
    JWT_SECRET: randomBytes(32).toString('hex'),
    TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    HOST: '127.0.0.1',
    SIMULATOR_URL: 'http://127.0.0.1:9',
  };
}

/** Starts a built program, for example `gateway/main.js`, and returns once it is ready or has ended. */
export async function startProcess(program: string, args: string[], options: StartOptions): Promise<StartedProcess> {
  // Only what a shell would pass: the settings of the test run must not leak in.
  // biome-ignore lint/style/noProcessEnv: see above
  const { PATH = '', HOME = '' } = process.env;
  const [command = '', ...words] = [...(options.under ?? []), process.execPath, join(projectRoot, 'dist', program)];
  const child = spawn(command, [...words, ...args], {
    cwd: options.cwd ?? newFolder(),
    env: { PATH, HOME, LOG_LEVEL: 'warn', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  options.onSpawn?.(child);
  let output = '';
  const ended = once(child, 'exit').finally(() => running.delete(child));
  // What it wrote last can be read after its end.
  const closed = once(child, 'close');
  await new Promise<void>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      if (options.readyWhen?.test(output)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void closed.then(() => resolve());
  });
  return {
    child,
    output: () => output,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      // What a killed one had started may still hold its output.
      await (signal === 'SIGKILL' ? ended : closed);
      return child.exitCode;
    },
  };
}
