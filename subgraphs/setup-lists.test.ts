import { expect, it } from '@jest/globals';
import { addressableSubgraphs } from '#ops/setup/settings-list.js';
import { subgraphNames } from '#schema/type-definitions.js';

// Setup must not import the schema, and has a list of its own.
it('setup has a URL setting for every subgraph', () => {
  expect([...addressableSubgraphs].sort()).toEqual([...subgraphNames].sort());
});
