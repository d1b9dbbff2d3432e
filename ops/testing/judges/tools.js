import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This folder, and that of the product. */
export const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..', '..');

/** Runs a program with its output shown, and throws unless it ends with status 0. */
export async function run(command, parameters, { env = {}, cwd = here } = {}) {
  const child = spawn(command, parameters, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [status, signal] = await once(child, 'exit');
  if (status !== 0) throw new Error(`${command} ended with ${signal ?? `status ${status}`}.`);
}

/** Returns the path of a program of this folder's npm packages. */
export const npmTool = (name) => join(here, 'node_modules', '.bin', name);

/** Returns the path of a program of this folder's Python packages. */
export const pythonTool = (name) => join(here, '.venv', 'bin', name);
