import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { type GraphQLSchema, getOperationAST, parse } from 'graphql';
import type {
  ExecutionGatewayOptions,
  GatewayExecutor,
  GatewayInterface,
} from '#gateway/execution/execution-gateway.js';
import { seededRandom } from '#ops/testing/seeded-random.js';
import { createFaults, type FaultKind, type Faults } from './faults.js';
import type { GeneratedOperation } from './generate-operation.js';
import type { StubRun } from './stub-subgraph.js';
import type { StubSupergraph } from './supergraphs.js';

/** What a client sees of an execution. */
export interface Outcome {
  /** As JSON, so that the order of fields counts. */
  data: string | undefined;
  /** Paths and codes, each once, and those of values that were completed. */
  errors: string[];
  calls: number;
  /** Subgraph operations that were not valid. */
  invalid: number;
}

/** Apollo's executor and another one over the same subgraphs. */
export interface ExecutorPair {
  supergraph: StubSupergraph;
  schema: GraphQLSchema;
  stock: GatewayExecutor;
  other: GatewayExecutor;
  close(): Promise<void>;
}

/** How an operation is run. */
export interface RunOptions {
  faultKind: FaultKind;
  seed: number;
}

function dataSource(supergraph: StubSupergraph, name: string): GraphQLDataSource {
  const subgraph = supergraph.subgraphs.get(name);
  if (!subgraph) throw new Error(`${supergraph.name} has no subgraph ${name}`);
  return {
    async process({ request, context }) {
      const { run, random } = context as unknown as ExecutionContext;
      const turns = run.faults.isSlow ? Math.floor(random() * 6) : 0;
      for (let turn = 0; turn < turns; turn += 1) await setImmediate();
      const answer = await subgraph.execute(request.query ?? '', request.variables, run);
      // Over HTTP, answers are JSON; and each call has objects of its own.
      return JSON.parse(JSON.stringify(run.faults.change(name, answer)));
    },
  };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Opens both executors over a supergraph, which is composed and planned by one gateway. */
export async function openPair(
  supergraph: StubSupergraph,
  createOther: (options: ExecutionGatewayOptions) => GatewayInterface,
): Promise<ExecutorPair> {
  // Read by the constructor; otherwise usage figures are sent to Apollo.
  // biome-ignore lint/style/noProcessEnv: the library has no option for it
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const buildService = ({ name }: { name: string }) => dataSource(supergraph, name);
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph.sdl,
    buildService,
    validateSupergraph: false,
    logger: silent,
  });
  const other = createOther({ gateway, buildService });
  let schema: GraphQLSchema | undefined;
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    schema = apiSchema;
  });
  const { executor } = await other.load({ apollo: {} });
  if (!executor || !schema) throw new Error(`The gateway of ${supergraph.name} did not load.`);
  return { supergraph, schema, stock: gateway.executor, other: executor, close: () => other.stop() };
}

interface ExecutionContext {
  run: StubRun;
  random: () => number;
}

interface SeenError {
  path?: readonly (string | number)[];
  extensions?: { code?: unknown };
}

function describeErrors(errors: unknown, prefix = ''): string[] {
  if (!Array.isArray(errors)) return [];
  return errors.map(
    ({ path, extensions }: SeenError) =>
      `${prefix}${extensions?.code ?? 'INTERNAL_SERVER_ERROR'} at ${path?.join('.')}`,
  );
}

/** Runs an operation with one executor. An executor that throws is answered as Apollo Server answers it. */
export async function runOperation(
  { schema }: Pick<ExecutorPair, 'schema'>,
  executor: GatewayExecutor,
  { query, variables, operationName }: GeneratedOperation,
  faults: Faults,
  orderSeed: number,
): Promise<Outcome> {
  const run: StubRun = { faults, calls: 0, mutations: 0, invalid: 0 };
  const document = parse(query);
  const context: ExecutionContext = { run, random: seededRandom(orderSeed) };
  const requestContext = {
    request: { query, variables, operationName },
    source: query,
    document,
    queryHash: createHash('sha256').update(query).digest('hex'),
    operationName: operationName ?? null,
    operation: getOperationAST(document),
    schema,
    context,
    contextValue: context,
    logger: silent,
    metrics: {},
    overallCachePolicy: { restrict() {}, replace() {}, policyIfCacheable: () => null },
  };
  try {
    const { data, errors, extensions } = await executor(requestContext as never);
    const seen = [...describeErrors(errors), ...describeErrors(extensions?.valueCompletion, 'completed ')];
    return { data: JSON.stringify(data), errors: [...new Set(seen)].sort(), calls: run.calls, invalid: run.invalid };
  } catch (error) {
    return { data: undefined, errors: describeErrors([error]), calls: run.calls, invalid: run.invalid };
  }
}

const isSame = (one: Outcome, other: Outcome): boolean =>
  one.data === other.data && one.errors.join('\n') === other.errors.join('\n');

/** Whether a value has all that another has, and may have more in place of null. */
function hasAllOf(more: unknown, less: unknown): boolean {
  if (less === null) return true;
  if (typeof less !== 'object' || typeof more !== 'object' || more === null) return Object.is(more, less);
  const keys = Object.keys(less);
  if (keys.join('\n') !== Object.keys(more).join('\n')) return false;
  return keys.every((key) => hasAllOf((more as Record<string, unknown>)[key], (less as Record<string, unknown>)[key]));
}

/**
 * Whether answers to rubbish are alike. Apollo's executor stops merging at the first entity that is none, also for equal ones after it;
 * and which of several errors that make one object null is reported is open.
 */
function isAlike(stock: Outcome, other: Outcome): boolean {
  const part = ({ errors }: Outcome, isCompleted: boolean) =>
    errors.filter((error) => error.startsWith('completed ') === isCompleted);
  // Both end at a value that is no list, unless what is read before it makes that part null: they read in another order.
  if (stock.data === undefined) return part(other, true).length > 0;
  if (other.data === undefined) return part(stock, true).length > 0;
  if (part(stock, false).join('\n') !== part(other, false).join('\n')) return false;
  if (stock.data === other.data) return part(stock, true).length > 0 === part(other, true).length > 0;
  return stock.errors.length > 0 && hasAllOf(JSON.parse(other.data), JSON.parse(stock.data));
}

export interface Difference {
  stock: Outcome;
  other: Outcome;
}

/** How two executions of one operation compare. */
export interface Compared {
  stock: Outcome;
  other: Outcome;
  difference?: Difference;
  /** Whether Apollo's own answer depends on which subgraph answers first. */
  isUnordered: boolean;
}

const ORDERS = 6;

/** Runs an operation with both executors. A difference counts unless Apollo's executor itself answers so in another order. */
export async function compareOperation(
  pair: ExecutorPair,
  operation: GeneratedOperation,
  { faultKind, seed }: RunOptions,
): Promise<Compared> {
  const faults = createFaults(faultKind, seed, [...pair.supergraph.subgraphs.keys()]);
  const stock = await runOperation(pair, pair.stock, operation, faults, seed);
  const other = await runOperation(pair, pair.other, operation, faults, seed + 1);
  if (isSame(stock, other)) return { stock, other, isUnordered: false };
  if (faultKind === 'rubbish' && isAlike(stock, other)) return { stock, other, isUnordered: false };
  for (let order = 2; order < ORDERS; order += 1) {
    const again = await runOperation(pair, pair.stock, operation, { ...faults, isSlow: true }, seed + order);
    if (isSame(again, other)) return { stock: again, other, isUnordered: true };
  }
  return { stock, other, difference: { stock, other }, isUnordered: false };
}
