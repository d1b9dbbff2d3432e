import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const sources = ['gateway', 'schema', 'subgraphs', 'ops'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
);
const drills = sources
  .filter((path) => path.endsWith('.drill.test.ts') && read(path).includes('globalThis.slowCases ='))
  .map((path) => ({ folder: dirname(path), text: read(path) }));
const withSlowCases = sources.filter((path) => path.endsWith('.ts') && /^import \{ itInDrills \}/m.test(read(path)));

/** The drills that run a file, which they import by its path or by its name in a list. */
const drillsOf = (path: string) =>
  drills.filter(({ folder, text }) => {
    if (!path.startsWith(`${folder}/`)) return false;
    const name = path.slice(folder.length + 1).replace(/\.ts$/, '');
    return text.includes(`'./${name}.js'`) || text.includes(`'${name.replace(/\.test$/, '')}'`);
  });

it('every file with slow cases is run by a drill', () => {
  expect(withSlowCases).not.toEqual([]);
  expect(withSlowCases.filter((path) => drillsOf(path).length === 0)).toEqual([]);
});

it('a file whose hooks are in no describe() shares its drill with no other', () => {
  const withHooks = withSlowCases.filter((path) => /^(?:before|after)(?:All|Each)\(/m.test(read(path)));
  expect(withHooks.filter((path) => drillsOf(path).some(({ text }) => text.includes('for (')))).toEqual([]);
});
