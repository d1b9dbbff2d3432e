import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startEmbeddedPostgres } from '#runtime/database/embedded-postgres.js';
import { ConfigurationError } from '#runtime/errors.js';
import { exitWith } from '#runtime/process/command-line.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { listBuildContext } from './build-context.js';
import { buildLayer, type Layer, runIn } from './layer.js';
import { readDockerfile } from './read-dockerfile.js';

// `node dist/ops/docker/try-image.js`, as root on Linux: builds the Dockerfile without a Docker engine. Each stage is a layer
// over the files of this machine in place of the base image; the programs then run from the last one as in a container: own
// process namespace, user 1000, no capabilities, read-only files.

const PORT = 4101;
const HEALTH_PORT = 4102;
const health = `http://127.0.0.1:${HEALTH_PORT}/health`;

const megabytes = (path: string) =>
  `${spawnSync('du', ['-sm', '--apparent-size', path], { encoding: 'utf8' }).stdout.split('\t')[0]} MB`;

/** The pid, in this namespace, of the first process of its namespace. */
function firstProcess({ pid }: ChildProcess): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

async function outcomeOf(child: ChildProcess): Promise<{ status: number | null; output: string }> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const [status] = await once(child, 'close');
  return { status, output };
}

function check(what: string, isTrue: boolean, detail = ''): void {
  process.stdout.write(`${isTrue ? 'ok  ' : 'NOT '} ${what}${isTrue ? '' : `\n${detail}`}\n`);
  if (!isTrue) process.exitCode = 1;
}

/** Runs programs of the image against a PostgreSQL of this machine. */
async function runPrograms(image: Layer, folder: string): Promise<void> {
  const container = { readOnly: true, asUser: true, stdio: 'pipe' } as const;
  // This machine's Node.js runs it, which may be older than the image's.
  if (!process.allowedNodeEnvironmentFlags.has('--max-old-space-size-percentage'))
    delete image.environment.NODE_OPTIONS;
  const refused = await outcomeOf(runIn(image, 'node dist/gateway/main.js', container));
  const names = /JWT_SECRET.*TOKEN_ENCRYPTION_KEY.*DATABASE_URL.*ALLOWED_ORIGINS/s;
  check(
    'the gateway refuses to start without settings, and names them',
    refused.status === 1 && names.test(refused.output),
    refused.output,
  );

  const postgres = await startEmbeddedPostgres(join(folder, 'postgres'));
  try {
    Object.assign(image.environment, {
      DATABASE_URL: postgres.url,
      JWT_SECRET: randomBytes(32).toString('hex'),
      TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
      ALLOWED_ORIGINS: 'https://app.example.com',
      PORT: String(PORT),
      HEALTH_PORT: String(HEALTH_PORT),
      HOST: '127.0.0.1',
    });
    const gateway = runIn(image, 'node dist/gateway/main.js', container);
    const ended = outcomeOf(gateway);
    await Promise.race([
      ended,
      new Promise<void>((resolve) =>
        gateway.stdout?.on('data', (chunk) => /"seconds":/.test(String(chunk)) && resolve()),
      ),
    ]);
    check(
      'the gateway starts with all subgraphs, as user 1000 on read-only files',
      gateway.exitCode === null,
      gateway.exitCode === null ? '' : (await ended).output,
    );
    if (gateway.exitCode !== null) return;
    const first = firstProcess(gateway);
    const status = readFileSync(`/proc/${first}/status`, 'utf8');
    check('node is the first process', /^NSpid:\s+\d+\s+1$/m.test(status) && /^Name:\s+node$/m.test(status), status);
    check(
      'it runs as user 1000 without capabilities',
      /^Uid:\s+1000\s/m.test(status) && /^CapBnd:\s+0+$/m.test(status),
      status,
    );
    const within = ['--target', String(first), '--mount', '--pid', '--root', '--wd'];
    const asked = await outcomeOf(spawn('nsenter', [...within, 'node', 'dist/ops/docker/ask-health.js', health]));
    check('the health check ends with status 0', asked.status === 0, asked.output);
    process.kill(first, 'SIGTERM');
    const { status: endStatus, output } = await ended;
    check('SIGTERM ends it with status 0', endStatus === 0, output);
    const late = await outcomeOf(runIn(image, `node dist/ops/docker/ask-health.js ${health}`, container));
    check('the health check then ends with status 1', late.status === 1, late.output);
  } finally {
    await postgres.stop();
  }
}

try {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new ConfigurationError(
      'Trying the image without a Docker engine takes root on Linux: it mounts and changes users.',
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'webmetrics-image-'));
  try {
    const context = join(folder, 'context');
    for (const file of listBuildContext(projectRoot)) {
      mkdirSync(dirname(join(context, file)), { recursive: true });
      cpSync(join(projectRoot, file), join(context, file));
    }
    const layers = new Map<string, Layer>();
    for (const stage of readDockerfile(readFileSync(join(projectRoot, 'ops', 'docker', 'Dockerfile'), 'utf8'))) {
      const layer = { folder: join(folder, stage.name || 'image'), environment: {}, workdir: '/', user: '0:0' };
      mkdirSync(layer.folder);
      layers.set(stage.name, await buildLayer(stage, layer, context, layers));
    }
    const image = layers.get('') as Layer;
    const [all, ...parts] = ['app', 'app/node_modules', 'app/dist', 'app/schema'].map((path) =>
      megabytes(join(image.folder, path)),
    );
    process.stdout.write(
      `On top of the base image: ${all} (packages ${parts[0]}, programs ${parts[1]}, schema ${parts[2]})\n`,
    );
    await runPrograms(image, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} catch (error) {
  exitWith(error);
}
