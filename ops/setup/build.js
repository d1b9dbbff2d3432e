// Compiles what changed into dist/. Plain JavaScript, because it runs before anything is built; `node ops/setup/build.js`
// is also what npm runs after an installation, so that the first start has nothing left to compile.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const stamp = join(root, 'dist', '.built');
const sources = ['gateway', 'subgraphs', 'schema', 'ops', 'tsconfig.json', 'package-lock.json'];

/** Whether something below `path` was changed after `time`. A folder changes when a file is added to it or removed. */
function isNewer(path, time) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return false;
  if (stats.mtimeMs > time) return true;
  return stats.isDirectory() && readdirSync(path).some((name) => isNewer(join(path, name), time));
}

/** Makes the build folder up to date. An installation without development packages brings its build along. */
export function build() {
  if (!existsSync(compiler) || !existsSync(join(root, 'tsconfig.json'))) return;
  const startedAt = new Date();
  const builtAt = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (!sources.some((name) => isNewer(join(root, name), builtAt))) return;
  const { status } = spawnSync(process.execPath, [compiler, '--project', root], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, '');
  // What was saved while the compiler ran is compiled next time.
  utimesSync(stamp, startedAt, startedAt);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build();
