import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}

/** The folder of package.json: the same whether the code runs from its sources or from the build folder. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)));
