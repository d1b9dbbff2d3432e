import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#runtime/process/project-root.js';

// What the tests of docker-compose.yml and Kubernetes manifests share.

/** Returns the source file of a built program such as `dist/gateway/main.js`. */
export function sourceOf(program: string): string {
  return join(projectRoot, program.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
}

/** Returns the variables that .env.example describes. */
export function documentedVariables(): Set<string> {
  const text = readFileSync(join(projectRoot, '.env.example'), 'utf8');
  return new Set([...text.matchAll(/^# ([A-Z][A-Z0-9_]+)=/gm)].map(([, name = '']) => name));
}
