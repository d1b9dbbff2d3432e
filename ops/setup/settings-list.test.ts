import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { settingNames } from '#runtime/config/config.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { settings } from './settings-list.js';

const names = settings.map(({ name }) => name);
/** Read by `npm test` only: no setting of an installation. */
const OF_TESTS = ['REQUIRE_SERVICES'];

it('lists every variable the program reads, each once', () => {
  expect(names).toEqual(expect.arrayContaining([...settingNames]));
  expect(new Set(names).size).toBe(names.length);
});

it('lists what .env.example explains, and nothing else', () => {
  const example = readFileSync(join(projectRoot, '.env.example'), 'utf8');
  const explained = [...example.matchAll(/^# ([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
  expect([...names].sort()).toEqual(explained.filter((name) => !OF_TESTS.includes(name ?? '')).sort());
});

it('marks secrets', () => {
  const shown = settings.filter(({ isSecret, hasPassword }) => !isSecret && !hasPassword).map(({ name }) => name);
  expect(shown.filter((name) => /SECRET|TOKEN$|PASSWORD|KEY$|KEY_PREVIOUS/.test(name))).toEqual([]);
});
