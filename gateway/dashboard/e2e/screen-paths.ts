import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#runtime/process/project-root.js';

const text = readFileSync(join(projectRoot, 'gateway', 'dashboard', 'app', 'screens.ts'), 'utf8');

/** Every screen below `/app/` that stays where it is, with the ids of the mocked API. */
export const screenPaths: readonly string[] = [...text.matchAll(/path: '([^']+)'/g)]
  .map(([, path = '']) =>
    path
      .replace('$campaignId', 'Campaign-0')
      .replace('$reportId', 'Report-0')
      .replace('$templateId', 'ReportTemplate-0'),
  )
  .filter((path) => path !== 'connections/complete');
