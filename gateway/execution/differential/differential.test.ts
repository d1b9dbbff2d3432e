import { describe, expect, it } from '@jest/globals';
import {
  createExecutionGateway,
  type ExecutionGatewayOptions,
  type GatewayInterface,
} from '#gateway/execution/execution-gateway.js';
import { openPair } from './compare-executors.js';
import { compareGenerated } from './run-differential.js';
import { composeSupergraph, supergraphNames } from './supergraphs.js';

const OPERATIONS = 25;

interface Result {
  data?: Record<string, unknown> | null;
  errors?: never[];
}

const reverse = (data: Result['data']) => data && Object.fromEntries(Object.entries(data).reverse());

describe('the execution of generated operations', () => {
  it.each(supergraphNames)('is that of Apollo Gateway over %s', async (name) => {
    const pair = await openPair(composeSupergraph(name), createExecutionGateway);
    const { counts, differences } = await compareGenerated(pair, 1, OPERATIONS);
    await pair.close();
    expect(differences).toEqual([]);
    expect(counts.calls).toBeGreaterThan(OPERATIONS / 2);
    expect(counts.calls).toBeLessThanOrEqual(counts.stockCalls);
  });

  it.each([
    ['another order of fields', ({ data, ...rest }: Result) => ({ ...rest, data: reverse(data) })],
    ['no errors', ({ data }: Result) => ({ data })],
  ])('is seen to differ by %s', async (_what, change) => {
    const changed = (options: ExecutionGatewayOptions): GatewayInterface => {
      const gateway = createExecutionGateway(options);
      return {
        onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
        load: async (given) => {
          const { executor } = await gateway.load(given);
          return { executor: async (context) => change((await executor!(context)) as Result) };
        },
        stop: () => gateway.stop(),
      };
    };
    const pair = await openPair(composeSupergraph('shop'), changed);
    const { differences } = await compareGenerated(pair, 1, 20);
    await pair.close();
    expect(differences.length).toBeGreaterThan(0);
  });
});
