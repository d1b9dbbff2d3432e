import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#runtime/process/project-root.js';

/** The version of this WebMetrics, as package.json has it. */
export function webmetricsVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  return version;
}
