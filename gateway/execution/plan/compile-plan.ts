import type { VariableDefinitions } from '@apollo/federation-internals';
import {
  type ConditionNode,
  evaluateCondition,
  type FetchNode,
  type PlanNode,
  type QueryPlan,
  type ResponsePath,
} from '@apollo/query-planner';
import { compileEntityFetches, type EntityFetchNode } from './entity-fetch.js';
import type { Step } from './execution.js';
import { compilePath } from './response-path.js';
import { compileRootFetch } from './root-fetch.js';
import type { IsOfType } from './type-conditions.js';

/** A plan with a node that our executor does not run. */
export class UnknownPlan extends Error {
  override name = 'UnknownPlan';
}

export interface PlanOptions {
  isOfType: IsOfType;
  variableDefinitions: VariableDefinitions;
}

const NOTHING: Step = () => {};

/** A child of a parallel node: what it begins with, if that is a fetch of entities, and what follows. */
interface Branch {
  first?: EntityFetchNode;
  rest: Step;
}

/** Returns the fetch of entities that a node is. */
function entityFetchIn(node: PlanNode, path: ResponsePath): EntityFetchNode | undefined {
  const [at, fetch] = node.kind === 'Flatten' ? [node.path, node.node] : [[], node];
  if (fetch.kind !== 'Fetch' || !fetch.requires || fetch.operationKind !== 'query') return undefined;
  return { node: fetch, path: [...path, ...at], find: compilePath(at) };
}

function branchesOf(node: PlanNode, path: ResponsePath, options: PlanOptions): Branch[] {
  if (node.kind === 'Parallel') return node.nodes.flatMap((child) => branchesOf(child, path, options));
  const first = entityFetchIn(node, path);
  if (first) return [{ first, rest: NOTHING }];
  const [head, ...tail] = node.kind === 'Sequence' ? node.nodes : [];
  const leading = head && entityFetchIn(head, path);
  if (leading) return [{ first: leading, rest: compileSequence(tail, path, options) }];
  return [{ rest: compileNode(node, path, options) }];
}

/** Starts all steps, also when one of them throws. */
async function runAll(steps: readonly Step[], execution: Parameters<Step>[0], data: unknown): Promise<void> {
  await Promise.all(steps.map(async (step) => step(execution, data)));
}

/** What begins with fetches of entities of one subgraph waits for all of them: they are sent as one. */
function compileParallel(nodes: readonly PlanNode[], path: ResponsePath, options: PlanOptions): Step {
  const branches = nodes.flatMap((node) => branchesOf(node, path, options));
  const steps: Step[] = branches.filter(({ first }) => !first).map(({ rest }) => rest);
  const bySubgraph = new Map<string, (Branch & { first: EntityFetchNode })[]>();
  for (const { first, rest } of branches) {
    if (!first) continue;
    const { serviceName } = first.node;
    bySubgraph.set(serviceName, [...(bySubgraph.get(serviceName) ?? []), { first, rest }]);
  }
  for (const group of bySubgraph.values()) {
    const fetch = compileEntityFetches(
      group.map(({ first }) => first),
      options.isOfType,
    );
    const rests = group.map(({ rest }) => rest).filter((rest) => rest !== NOTHING);
    if (rests.length === 0) steps.push(fetch);
    else
      steps.push(async (execution, data) => {
        await fetch(execution, data);
        await runAll(rests, execution, data);
      });
  }
  const [only, ...others] = steps;
  if (only && others.length === 0) return only;
  return (execution, data) => runAll(steps, execution, data);
}

function compileSequence(nodes: readonly PlanNode[], path: ResponsePath, options: PlanOptions): Step {
  const steps = nodes.map((node) => compileNode(node, path, options));
  if (steps.length === 0) return NOTHING;
  return async (execution, data) => {
    for (const step of steps) await step(execution, data);
  };
}

function compileCondition(node: ConditionNode, path: ResponsePath, options: PlanOptions): Step {
  const ifStep = node.ifClause ? compileNode(node.ifClause, path, options) : NOTHING;
  const elseStep = node.elseClause ? compileNode(node.elseClause, path, options) : NOTHING;
  return (execution, data) => {
    const isMet = evaluateCondition(node, options.variableDefinitions, execution.variables);
    return (isMet ? ifStep : elseStep)(execution, data);
  };
}

function compileFetch(node: FetchNode, path: ResponsePath, { isOfType }: PlanOptions): Step {
  if (!node.requires) return compileRootFetch(node, path, isOfType);
  return compileEntityFetches([{ node, path, find: compilePath([]) }], isOfType);
}

function compileNode(node: PlanNode, path: ResponsePath, options: PlanOptions): Step {
  const entities = entityFetchIn(node, path);
  if (entities) return compileEntityFetches([entities], options.isOfType);
  switch (node.kind) {
    case 'Sequence':
      return compileSequence(node.nodes, path, options);
    case 'Parallel':
      return compileParallel(node.nodes, path, options);
    case 'Condition':
      return compileCondition(node, path, options);
    case 'Fetch':
      return compileFetch(node, path, options);
    case 'Flatten': {
      const find = compilePath(node.path);
      const step = compileNode(node.node, [...path, ...node.path], options);
      return (execution, data) => {
        const found = find(data);
        return found ? step(execution, found) : undefined;
      };
    }
    default:
      throw new UnknownPlan(`A plan has a node of the kind ${node.kind}.`);
  }
}

/** Compiles a plan. Throws UnknownPlan for one that is left to Apollo's executor. */
export function compilePlan({ node }: QueryPlan, options: PlanOptions): Step {
  if (!node) return NOTHING;
  if (node.kind === 'Subscription') throw new UnknownPlan('A plan is that of a subscription.');
  return compileNode(node, [], options);
}
