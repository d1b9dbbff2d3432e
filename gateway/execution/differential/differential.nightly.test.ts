import { describe, expect, it } from '@jest/globals';
import { createExecutionGateway } from '#gateway/execution/execution-gateway.js';
import { openPair } from './compare-executors.js';
import { compareGenerated } from './run-differential.js';
import { composeSupergraph, supergraphNames } from './supergraphs.js';

/** Of each supergraph; after those of the quick test. */
const OPERATIONS = 3_400;
const FIRST_SEED = 1_000;

describe('the execution of 20,400 generated operations', () => {
  it.each(supergraphNames)('is that of Apollo Gateway over %s', async (name) => {
    const pair = await openPair(composeSupergraph(name), createExecutionGateway);
    const { counts, differences } = await compareGenerated(pair, FIRST_SEED, OPERATIONS);
    await pair.close();
    process.stdout.write(`${name}: ${JSON.stringify(counts)}\n`);
    expect(differences).toEqual([]);
    expect(counts.calls).toBeLessThanOrEqual(counts.stockCalls);
  });
});
