import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '#runtime/process/project-root.js';

/** Formats as `npm run check` requires, so that layout alone is never a difference. */
export function formatSource(file: string, content: string): string {
  const biome = join(projectRoot, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const result = spawnSync(process.execPath, [biome, 'format', `--stdin-file-path=${file}`], {
    input: content,
    encoding: 'utf8',
    cwd: projectRoot,
  });
  if (result.status !== 0) throw new Error(`Biome could not format ${file}: ${result.stderr}`);
  return result.stdout;
}
