import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';

const dashboard = join(projectRoot, 'gateway', 'dashboard');

/** Returns the classes with which rules of the style sheets in a folder begin. */
function classesIn(folder: string): Set<string> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.css'));
  const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const selectors = [...text.matchAll(/^\s*([^{}@;]+)\{/gm)].flatMap(([, list = '']) => list.split(','));
  return new Set(selectors.flatMap((selector) => /^\s*\.([\w-]+)/.exec(selector)?.[1] ?? []));
}

describe('the styles of a screen', () => {
  // They stay when another screen is opened, and would then change what is there.
  it('are about its own classes', () => {
    const screens = readdirSync(join(dashboard, 'screens')).map((name) => join(dashboard, 'screens', name));
    const owners = new Map<string, string[]>();
    for (const folder of [join(dashboard, 'styles'), ...screens])
      for (const name of classesIn(folder)) owners.set(name, [...(owners.get(name) ?? []), folder]);
    expect([...owners].filter(([, folders]) => folders.length > 1).map(([name]) => name)).toEqual([]);
  });
});
