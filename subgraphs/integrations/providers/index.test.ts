import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { describeProviderById, providerDefinitions } from './index.js';

// `google` has none: it is what Google's products share.
it('lists every folder with an index', () => {
  const here = dirname(fileURLToPath(import.meta.url));
  const folders = readdirSync(here, { withFileTypes: true }).filter(({ name }) =>
    existsSync(join(here, name, 'index.ts')),
  );
  expect(providerDefinitions.map(({ id }) => id).sort()).toEqual(folders.map(({ name }) => name).sort());
});

it('describes a provider that is no longer in the list', () => {
  expect(describeProviderById('bygone-ads')).toEqual({
    id: 'bygone-ads',
    name: 'bygone-ads',
    products: [],
    scopes: [],
  });
});
