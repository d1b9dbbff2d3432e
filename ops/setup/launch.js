// `node ops/setup/launch.js <program> [options]`: builds what changed, then runs the program in this same process, so that
// a signal sent to `npm start` reaches it. Plain JavaScript, because it runs before anything is built.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const [program, ...options] = process.argv.slice(2);
const built = join(root, 'dist', program);

// An installation without development packages brings its build along.
if (existsSync(compiler)) {
  const { status } = spawnSync(process.execPath, [compiler, '--project', root], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
process.argv = [process.execPath, built, ...options];
await import(pathToFileURL(built).href);
