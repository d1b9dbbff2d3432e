import { expect, it } from '@jest/globals';
import { addressableSubgraphs } from '#ops/setup/settings-list.js';
import { subgraphNames } from '#schema/type-definitions.js';

// Setup stands below the schema and keeps a list of its own.
it('lets an operator set an address for every subgraph', () => {
  expect([...addressableSubgraphs].sort()).toEqual([...subgraphNames].sort());
});
