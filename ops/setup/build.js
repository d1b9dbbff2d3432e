// Compiles what changed into dist/. Plain JavaScript, because it runs before anything is built; `node ops/setup/build.js`
// is also what npm runs after an installation, so that the first start has nothing left to compile.
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
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

/** Whether something below `path` was changed after `time`. A folder changes when a file is added to it or removed. */
function isNewer(path, time) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return false;
  if (stats.mtimeMs > time) return true;
  return stats.isDirectory() && readdirSync(path).some((name) => isNewer(join(path, name), time));
}

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
  'react.min.js': 'react/umd/react.production.min.js',
  'react-dom.min.js': 'react-dom/umd/react-dom.production.min.js',
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

/**
 * Makes the build folder up to date. An installation without development packages brings its build along; a read-only
 * checkout keeps what it has.
 */
export function build() {
  if (!existsSync(compiler) || !existsSync(join(root, 'tsconfig.json'))) return;
  const startedAt = new Date();
  const builtAt = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (!sources.some((name) => isNewer(join(root, name), builtAt))) return;
  if (mustStay()) return;
  const { status } = spawnSync(process.execPath, [compiler, '--project', root], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  copyExplorer();
  writeFileSync(stamp, '');
  // What was saved while the compiler ran is compiled next time.
  utimesSync(stamp, startedAt, startedAt);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build();
