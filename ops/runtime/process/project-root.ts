import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}

/** The folder of package.json: the same whether the code runs from its sources or from `dist/`. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

/** The version in package.json. */
export const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };

const revisionFile = join(projectRoot, 'dist', '.revision');

/** The commit this was built from; undefined where the build did not know it. */
export const revision = (existsSync(revisionFile) && readFileSync(revisionFile, 'utf8').trim()) || undefined;
