import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { describeProviderById, providerDefinitions } from './index.js';

it('lists every provider that has a folder', () => {
  const here = dirname(fileURLToPath(import.meta.url));
  const folders = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(providerDefinitions.map(({ id }) => id).sort()).toEqual(folders.map(({ name }) => name).sort());
});

it('still names a provider that is no longer there', () => {
  expect(describeProviderById('bygone-ads')).toEqual({
    id: 'bygone-ads',
    name: 'bygone-ads',
    products: [],
    scopes: [],
  });
});
