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
import { compileTasks, type Task, taskAfter } from './schedule.js';
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

/** Returns the fetch of entities that a node is. */
function entityFetchIn(node: PlanNode, path: ResponsePath): EntityFetchNode | undefined {
  const [at, fetch] = node.kind === 'Flatten' ? [node.path, node.node] : [[], node];
  if (fetch.kind !== 'Fetch' || !fetch.requires || fetch.operationKind !== 'query') return undefined;
  return { node: fetch, path: [...path, ...at], find: compilePath(at) };
}

/** Adds the tasks of a node, which wait for `after`. Returns those that end it. */
function addTasks(node: PlanNode, after: Task[], path: ResponsePath, options: PlanOptions, tasks: Task[]): Task[] {
  if (node.kind === 'Sequence') {
    return node.nodes.reduce((before, child) => addTasks(child, before, path, options, tasks), after);
  }
  if (node.kind === 'Parallel') {
    const ends = node.nodes.flatMap((child) => addTasks(child, after, path, options, tasks));
    return ends.length > 0 ? ends : after;
  }
  const task = taskAfter(after, entityFetchIn(node, path) ?? compileNode(node, path, options));
  tasks.push(task);
  return [task];
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
    case 'Parallel': {
      const tasks: Task[] = [];
      addTasks(node, [], path, options, tasks);
      return compileTasks(tasks, (nodes) => compileEntityFetches(nodes, options.isOfType));
    }
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
