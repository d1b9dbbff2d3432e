import { expect, it } from '@jest/globals';
import { type FieldTally, observeFields } from './observe-operation.js';
import { registry } from './registry.js';

it('counts the fields of documents that nothing scrapes, and does not keep them', async () => {
  const tallies: FieldTally[] = Array.from({ length: 1_200 }, () => ({ fields: ['Test.field'], count: 0 }));
  for (const tally of tallies) observeFields(tally);
  expect(tallies.filter(({ count }) => count > 0).length).toBeLessThan(500);
  expect(await registry.getSingleMetricAsString('webmetrics_graphql_fields_total')).toContain(
    'webmetrics_graphql_fields_total{field="Test.field"} 1200',
  );
});
