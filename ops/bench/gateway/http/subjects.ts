import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeDataFolder } from '#ops/bench/temporary-database.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { catalogueSupergraph } from './catalogue.js';

/** A gateway in a process of its own. */
export interface Subject {
  name: string;
  url: string;
  pid: number;
}

/** The subgraphs, in a process of their own. */
export interface Subgraphs {
  pid: number;
  /** How many operations they were sent so far. */
  calls(): Promise<number>;
}

export interface Subjects {
  subgraphs: Subgraphs;
  stock: Subject;
  ours: Subject;
  /** undefined = its packages are not to be had. */
  hive: Subject | undefined;
}

/** Of Hive's gateway: not shipped, and too large to be installed for one benchmark. */
const HIVE_PACKAGES = [
  '@graphql-hive/gateway-runtime@2.12.1',
  '@graphql-hive/router-runtime@1.4.23',
  '@graphql-mesh/transport-http@1.2.1',
  'graphql@16.15.0',
];
const INSTALL_WITHIN_MS = 120_000;

const programAt = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Starts a program until `lifecycle` closes; its errors are shown. */
function startProgram(lifecycle: Lifecycle, path: string, args: string[] = []): ChildProcess & { pid: number } {
  const child = fork(programAt(path), args, {
    env: { NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: 'true' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  lifecycle.onClose(path, async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });
  return child as ChildProcess & { pid: number };
}

/** Returns the next message of a program. Throws when it ends without one. */
async function messageOf<Message>(child: ChildProcess): Promise<Message> {
  const waiting = new AbortController();
  const options = { signal: waiting.signal };
  const ended = once(child, 'exit', options).then(() => {
    throw new Error('A program of the benchmark ended by itself.');
  });
  try {
    const [message] = await Promise.race([once(child, 'message', options), ended]);
    child.stdout?.resume();
    return message as Message;
  } finally {
    ended.catch(() => {});
    waiting.abort();
  }
}

async function startSubgraphs(lifecycle: Lifecycle) {
  const child = startProgram(lifecycle, './serve-catalogue.js');
  const { urls } = await messageOf<{ urls: Record<string, string> }>(child);
  const calls = async () => {
    child.send('calls');
    return (await messageOf<{ calls: number }>(child)).calls;
  };
  return { urls, subgraphs: { pid: child.pid, calls } };
}

async function startGateway(lifecycle: Lifecycle, name: string, path: string, args: string[]): Promise<Subject> {
  const child = startProgram(lifecycle, path, args);
  return { name, pid: child.pid, ...(await messageOf<{ url: string }>(child)) };
}

/** Starts `npm run gateway`, as it is shipped. */
async function startOurs(lifecycle: Lifecycle, supergraph: string): Promise<Subject> {
  const args = ['--supergraph', supergraph, '--port', '0', '--host', '127.0.0.1', '--profile', 'open'];
  const child = startProgram(lifecycle, '../../../../gateway/open.js', args);
  const [line] = (await once(createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }), 'line')) as [
    string,
  ];
  return { name: 'ours', pid: child.pid, url: line.slice(line.lastIndexOf('http')) };
}

/** Fetches Hive's packages into a temporary folder. Throws where there is no registry, or it lacks them. */
async function fetchHive(folder: string): Promise<void> {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel', 'error'];
  await promisify(execFile)('npm', ['install', ...options, ...HIVE_PACKAGES], {
    cwd: folder,
    timeout: INSTALL_WITHIN_MS,
  });
}

/** Starts the subgraphs, and the gateways over them, until `lifecycle` closes. */
export async function startSubjects(lifecycle: Lifecycle, report: (line: string) => void): Promise<Subjects> {
  const folder = makeDataFolder(lifecycle);
  const { urls, subgraphs } = await startSubgraphs(lifecycle);
  const supergraph = join(folder, 'supergraph.graphql');
  writeFileSync(
    supergraph,
    catalogueSupergraph((name) => urls[name] as string),
  );
  const stock = await startGateway(lifecycle, 'stock', './serve-stock.js', [supergraph]);
  const ours = await startOurs(lifecycle, supergraph);
  const hive = await fetchHive(folder)
    .then(() => startGateway(lifecycle, 'Hive', './serve-hive.js', [folder, supergraph]))
    .catch((error: Error) => {
      report(`Hive's gateway is absent: ${error.message.split('\n')[0]}`);
      return undefined;
    });
  return { subgraphs, stock, ours, hive };
}
