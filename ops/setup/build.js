// Compiles what changed into dist/. Plain JavaScript, because it runs before anything is built; `node ops/setup/build.js`
// is also what npm runs after an installation, so that the first start has nothing left to compile.
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const dist = join(root, 'dist');
const stamp = join(dist, '.built');
const sources = ['gateway', 'subgraphs', 'schema', 'ops', 'tsconfig.json', 'package-lock.json'];

const page = join(root, 'gateway', 'dashboard');
const pageStamp = join(dist, '.dashboard-built');
/** Of the dashboard: what browsers run is built apart, so that neither build waits for a change of the other. */
const pageFolders = ['app', 'graph', 'kit', 'screens', 'styles', 'text'].map((name) => join(page, name));
const pageSources = [
  ...pageFolders,
  ...[
    'index.html',
    'build.js',
    'compile-messages.js',
    'generate-types.js',
    'write-manifest.js',
    'vite.config.js',
    'tsconfig.json',
  ].map((name) => join(page, name)),
  ...['gateway/client', 'schema/api.graphql', 'package-lock.json'].map((name) => join(root, name)),
];
/** Written by the build itself. */
const generated = join(page, 'graph', 'generated');

/**
 * Whether something below `path` was changed after `time`, except in the folders `others`. A folder changes when a file is added to
 * it or removed.
 */
function isNewer(path, time, others) {
  if (others.includes(path)) return false;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return false;
  if (stats.mtimeMs > time) return true;
  return stats.isDirectory() && readdirSync(path).some((name) => isNewer(join(path, name), time, others));
}

const builtAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether the build has to stay as it is, in a read-only checkout; ends the process where there is none to run. */
function mustStay() {
  const isBuilt = existsSync(stamp);
  if (isWritable(existsSync(dist) ? dist : root)) return false;
  if (isBuilt) {
    process.stderr.write(`${dist} cannot be written: what was built before runs, without the changes made since.\n`);
    return true;
  }
  process.stderr.write(`${dist} cannot be written and has no build: run \`npm run build\` where it can be.\n`);
  process.exit(1);
}

/** What the explorer's page loads beside its own files: the builds that these packages bring for browsers. */
const explorerPackages = {
  'react.min.js': 'react-18/umd/react.production.min.js',
  'react-dom.min.js': 'react-dom-18/umd/react-dom.production.min.js',
  'graphiql.min.js': 'graphiql/graphiql.min.js',
  'graphiql.min.css': 'graphiql/graphiql.min.css',
  'graphiql.LICENSE': 'graphiql/LICENSE',
};

function copyExplorer() {
  const folder = join('gateway', 'explorer', 'browser');
  cpSync(join(root, folder), join(dist, folder), { recursive: true });
  for (const [name, file] of Object.entries(explorerPackages)) {
    copyFileSync(join(root, 'node_modules', file), join(dist, folder, name));
  }
}

/** Runs a program of the build; ends the process where it fails. */
function run(...command) {
  const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** Marks as built what was there when the build began: what was saved meanwhile is built next time. */
function mark(file, startedAt) {
  writeFileSync(file, '');
  utimesSync(file, startedAt, startedAt);
}

function buildServer() {
  const startedAt = new Date();
  run(compiler, '--project', root);
  copyExplorer();
  mark(stamp, startedAt);
}

function buildDashboard() {
  mkdirSync(generated, { recursive: true });
  const startedAt = new Date();
  run(join(page, 'build.js'));
  mark(pageStamp, startedAt);
}

/** The commit that is checked out, for the log of a start. Not worth a failure: the checkout may be read-only, or git missing. */
function writeRevision() {
  if (!existsSync(join(root, '.git')) || !isWritable(dist)) return;
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  const file = join(dist, '.revision');
  if (status === 0 && !(existsSync(file) && readFileSync(file, 'utf8') === stdout)) writeFileSync(file, stdout);
}

/**
 * Makes the build folder up to date. An installation without development packages brings its build along; a read-only
 * checkout keeps what it has.
 */
export function build() {
  if (!existsSync(compiler) || !existsSync(join(root, 'tsconfig.json'))) return;
  const serverAt = builtAt(stamp);
  const isServerStale = sources.some((name) => isNewer(join(root, name), serverAt, pageFolders));
  const pageAt = builtAt(pageStamp);
  const isPageStale = existsSync(page) && pageSources.some((path) => isNewer(path, pageAt, [generated]));
  if ((isServerStale || isPageStale) && !mustStay()) {
    if (isServerStale) buildServer();
    if (isPageStale) buildDashboard();
  }
  writeRevision();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build();
