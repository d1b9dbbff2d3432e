import { parse, validate } from 'graphql';
import { seededRandom } from '#ops/testing/seeded-random.js';
import { compareOperation, type ExecutorPair, type RunOptions } from './compare-executors.js';
import { type FaultKind, faultKinds } from './faults.js';
import { type GeneratedOperation, generateOperation } from './generate-operation.js';
import { shrinkOperation } from './shrink-operation.js';

/** What a series of comparisons has seen. */
export interface DifferentialCounts {
  operations: number;
  executions: number;
  withErrors: number;
  withoutData: number;
  /** With a fetch that Apollo's planner has planned and a subgraph refuses: not compared. */
  refused: number;
  /** Answers that depend on which subgraph answers first, with Apollo's executor, too. */
  unordered: number;
  stockCalls: number;
  calls: number;
}

export interface DifferentialReport {
  counts: DifferentialCounts;
  /** With seed, smallest operation and both outcomes. */
  differences: string[];
}

const MAX_DIFFERENCES = 5;

async function describeDifference(pair: ExecutorPair, operation: GeneratedOperation, options: RunOptions) {
  const isFailing = async (candidate: GeneratedOperation) => {
    if (validate(pair.schema, parse(candidate.query)).length > 0) return false;
    return (await compareOperation(pair, candidate, options)).difference !== undefined;
  };
  const smallest = await shrinkOperation(operation, isFailing);
  const { difference } = await compareOperation(pair, smallest, options);
  return [
    `${pair.supergraph.name}, seed ${options.seed}, faults: ${options.faultKind}`,
    smallest.query,
    JSON.stringify(smallest.variables),
    `stock: ${JSON.stringify(difference?.stock)}`,
    `other: ${JSON.stringify(difference?.other)}`,
  ].join('\n');
}

/** Runs generated operations with both executors, each with sound subgraphs and with faulty ones. */
export async function compareGenerated(
  pair: ExecutorPair,
  firstSeed: number,
  count: number,
): Promise<DifferentialReport> {
  const counts = {
    operations: 0,
    executions: 0,
    withErrors: 0,
    withoutData: 0,
    refused: 0,
    unordered: 0,
    stockCalls: 0,
    calls: 0,
  };
  const differences: string[] = [];
  const faulty = faultKinds.filter((kind) => kind !== 'none');
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const operation = generateOperation(pair.schema, seededRandom(seed), pair.supergraph.maxFields);
    counts.operations += 1;
    for (const faultKind of ['none', faulty[seed % faulty.length] as FaultKind] as const) {
      const { stock, other, difference, isUnordered } = await compareOperation(pair, operation, { faultKind, seed });
      counts.executions += 1;
      if (stock.errors.length > 0) counts.withErrors += 1;
      if (stock.data === undefined) counts.withoutData += 1;
      if (stock.invalid > 0) counts.refused += 1;
      if (isUnordered) counts.unordered += 1;
      counts.stockCalls += stock.calls;
      counts.calls += other.calls;
      if (difference) differences.push(await describeDifference(pair, operation, { faultKind, seed }));
      if (differences.length >= MAX_DIFFERENCES) return { counts, differences };
    }
  }
  return { counts, differences };
}
