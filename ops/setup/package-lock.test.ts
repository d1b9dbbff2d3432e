import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';

interface Entry {
  integrity?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
  bundleDependencies?: string[];
}

const { packages } = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Entry>;
};
const installed = Object.entries(packages).filter(([path]) => path !== '');

/** Whether `name` is locked where Node.js looks for it from `path`. */
function isLocked(path: string, name: string): boolean {
  const folders = path.split('/node_modules/');
  return (
    folders.some(
      (_, index) => `${folders.slice(0, index + 1).join('/node_modules/')}/node_modules/${name}` in packages,
    ) || `node_modules/${name}` in packages
  );
}

describe('the lock file', () => {
  it('has the integrity of every package, for every system', () => {
    expect(installed.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([]);
  });

  it('names no registry, so that any can be used', () => {
    expect(installed.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
  });

  it('has the packages of all systems, not only of the one it was made on', () => {
    const missing = installed.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
    );
    expect(missing).toEqual([]);
  });
});
