// `node ops/setup/launch.js <program> [options]`: builds what changed, then runs the program in this same process, so that
// a signal reaches it.
import * as module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from './build.js';

// They listen themselves as soon as they are loaded. Others have not done what they were started for.
const servers = ['gateway/main.js', 'subgraphs/serve.js', 'subgraphs/work.js'];
const [program, ...options] = process.argv.slice(2);
if (servers.includes(program)) process.on('SIGTERM', () => process.exit(0));
build();
// What is compiled once is read at the next start; Node.js has this since 22.1.
module.enableCompileCache?.();
const built = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', program);
process.argv = [process.execPath, built, ...options];
await import(pathToFileURL(built).href);
