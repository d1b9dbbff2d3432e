import { expect, it } from '@jest/globals';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { createLogger } from '#runtime/log/logger.js';
import { createPlanLimits } from './plan-limits.js';

const logger = createLogger({ level: 'silent', isPretty: false });
const SMALLEST = { requestsPerMinute: 600, costPerMinute: 600_000 };

it('limits by plan are asked once for half a minute, and are those of the smallest plan while billing is away', async () => {
  const asked: (string | undefined)[] = [];
  let planLimits: object | undefined = { requestsPerMinute: 3_000, costPerMinute: null };
  const billing = {
    execute: async (_request: unknown, { identity }: { identity: { organizationId?: string } }) => {
      asked.push(identity.organizationId);
      if (!planLimits) throw new Error('away');
      return { data: { planLimits } };
    },
  } as unknown as SubgraphDataSource;
  const read = createPlanLimits(billing, logger);
  expect(await Promise.all([read('one', 'r'), read('one', 'r')])).toEqual([planLimits, planLimits]);
  expect(await read('one', 'r')).toEqual(planLimits);
  expect(asked).toEqual(['one']);
  expect(await read('', 'r')).toEqual(SMALLEST);
  planLimits = undefined;
  expect(await read('two', 'r')).toEqual(SMALLEST);
  planLimits = { requestsPerMinute: 1_200, costPerMinute: 1_200_000 };
  expect(await read('two', 'r')).toEqual(planLimits);
});
