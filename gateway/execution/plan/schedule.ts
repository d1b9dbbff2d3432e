import type { EntityFetchNode } from './entity-fetch.js';
import type { Execution, Step } from './execution.js';

/** A part of a plan that begins when others have ended. */
export interface Task {
  after: Task[];
  /** One more than those it waits for. */
  stage: number;
  /** A fetch of entities, or anything else. */
  work: EntityFetchNode | Step;
}

/** Tasks that are run as one, and which groups they wait for. */
interface Group {
  tasks: Task[];
  after: number[];
}

/** Returns a task after others. */
export function taskAfter(after: Task[], work: Task['work']): Task {
  return { after, stage: 1 + Math.max(0, ...after.map(({ stage }) => stage)), work };
}

const subgraphOf = ({ work }: Task): string | undefined =>
  typeof work === 'function' ? undefined : work.node.serviceName;

/**
 * Returns the tasks by the stage in which they run. What nothing waits for is put off to a later one in which its subgraph is asked
 * anyway: the answer is not complete before.
 */
function stagesOf(tasks: readonly Task[]): Map<Task, number> {
  const awaited = new Set(tasks.flatMap(({ after }) => after));
  const lastStages = new Map<string | undefined, number>();
  for (const task of tasks) {
    lastStages.set(subgraphOf(task), Math.max(task.stage, lastStages.get(subgraphOf(task)) ?? 0));
  }
  return new Map(
    tasks.map((task) => {
      const isMovable = subgraphOf(task) !== undefined && !awaited.has(task);
      return [task, isMovable ? (lastStages.get(subgraphOf(task)) as number) : task.stage];
    }),
  );
}

/** Groups the fetches of entities of one subgraph that run in one stage. A group comes after those it waits for. */
function groupsOf(tasks: readonly Task[]): Group[] {
  const stages = stagesOf(tasks);
  const byKey = new Map<string, Task[]>();
  for (const [index, task] of tasks.entries()) {
    const key = `${stages.get(task)} ${subgraphOf(task) ?? `alone ${index}`}`;
    byKey.set(key, [...(byKey.get(key) ?? []), task]);
  }
  const ordered = [...byKey.values()].sort(
    ([one], [other]) => (stages.get(one as Task) ?? 0) - (stages.get(other as Task) ?? 0),
  );
  const groupOf = new Map<Task, number>();
  for (const [index, group] of ordered.entries()) for (const task of group) groupOf.set(task, index);
  return ordered.map((group) => {
    const after = group.flatMap((task) => task.after.map((before) => groupOf.get(before) as number));
    return { tasks: group, after: [...new Set(after)] };
  });
}

type CompileEntities = (nodes: EntityFetchNode[]) => Step;

function compileGroup({ tasks }: Group, compileEntities: CompileEntities): Step {
  const [first] = tasks;
  if (typeof first?.work === 'function') return first.work;
  return compileEntities(tasks.map(({ work }) => work as EntityFetchNode));
}

/** Compiles tasks into one step. Each group begins as soon as those it waits for have ended. */
export function compileTasks(tasks: readonly Task[], compileEntities: CompileEntities): Step {
  const groups = groupsOf(tasks).map((group) => ({ after: group.after, step: compileGroup(group, compileEntities) }));
  const [only, ...others] = groups;
  if (!only) return () => {};
  if (others.length === 0) return only.step;
  return async (execution: Execution, data: unknown) => {
    const ended: Promise<void>[] = [];
    for (const { after, step } of groups) {
      const run = async () => step(execution, data);
      const [before, ...more] = after;
      if (before === undefined) ended.push(run());
      else if (more.length === 0) ended.push((ended[before] as Promise<void>).then(run));
      else ended.push(Promise.all(after.map((index) => ended[index])).then(run));
    }
    await Promise.all(ended);
  };
}
