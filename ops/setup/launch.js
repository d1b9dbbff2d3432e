// `node ops/setup/launch.js <program> [options]`: builds what changed, then runs the program in this same process, so that
// a signal reaches it.
import * as module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from './build.js';

// The program that is started then listens itself.
process.on('SIGTERM', () => process.exit(0));
build();
const [program, ...options] = process.argv.slice(2);
// What is compiled once is read at the next start; Node.js has this since 22.1.
module.enableCompileCache?.();
const built = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', program);
process.argv = [process.execPath, built, ...options];
await import(pathToFileURL(built).href);
