import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Rule {
  takes: boolean;
  matches: RegExp;
}

/** A pattern of .dockerignore by Docker's rules: from the root, `*` within a folder, `**` across folders. */
function ruleOf(line: string): Rule {
  const takes = line.startsWith('!');
  const source = (takes ? line.slice(1) : line)
    .replace(/^\/|\/$/g, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(
      /\*\*\/|\*\*|\*|\?/g,
      (wild) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' })[wild] ?? '',
    );
  return { takes, matches: new RegExp(`^${source}(?:/|$)`) };
}

/** Returns the files of a folder that its .dockerignore admits to the build context: the last matching rule counts. */
export function listBuildContext(root: string): string[] {
  const lines = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  const rules = lines.filter((line) => line.trim() && !line.startsWith('#')).map((line) => ruleOf(line.trim()));
  const isTaken = (path: string) => rules.findLast(({ matches }) => matches.test(path))?.takes ?? true;
  const filesIn = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      // Large, and always ignored.
      if (path === 'node_modules' || path === '.git') return [];
      return entry.isDirectory() ? filesIn(path) : isTaken(path) ? [path] : [];
    });
  return filesIn('');
}
