import { describe, expect, it } from '@jest/globals';
import { compileTasks, type Task, taskAfter } from './schedule.js';

const fetchOf = (serviceName: string, name: string) => ({ node: { serviceName, name }, path: [] }) as never;

/** Runs tasks whose steps end when they are told to. */
function start(tasks: Task[]) {
  const running: string[] = [];
  const ends = new Map<string, () => void>();
  const step = (name: string) => () => {
    running.push(name);
    return new Promise<void>((resolve) => ends.set(name, resolve));
  };
  const compiled = compileTasks(tasks, (nodes) =>
    step((nodes as unknown as { node: { name: string } }[]).map(({ node }) => node.name).join('+')),
  );
  const done = compiled(undefined as never, undefined);
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise(setImmediate);
  };
  return { running, end, done, step };
}

describe('the tasks of a plan', () => {
  it('run as one where they ask one subgraph in one stage, after all that they wait for', async () => {
    const a = taskAfter([], fetchOf('a', 'a'));
    const b = taskAfter([], fetchOf('b', 'b'));
    const c1 = taskAfter([a], fetchOf('c', 'c1'));
    const c2 = taskAfter([b], fetchOf('c', 'c2'));
    const d = taskAfter([a], fetchOf('d', 'd'));
    const e = taskAfter([c1], fetchOf('e', 'e'));
    const { running, end, done } = start([a, c1, e, b, c2, d]);
    expect(running).toEqual(['a', 'b']);
    await end('a');
    expect(running).toEqual(['a', 'b', 'd']);
    await end('b');
    expect(running).toEqual(['a', 'b', 'd', 'c1+c2']);
    for (const name of ['d', 'c1+c2', 'e']) await end(name);
    await done;
    expect(running.at(-1)).toBe('e');
  });

  it('that nothing waits for run with the last of their subgraph; others are not put off', async () => {
    const a = taskAfter([], fetchOf('a', 'a'));
    const early = taskAfter([a], fetchOf('x', 'early'));
    const b = taskAfter([a], fetchOf('b', 'b'));
    const awaited = taskAfter([a], fetchOf('y', 'awaited'));
    const late = taskAfter([b], fetchOf('x', 'late'));
    const other = taskAfter([awaited], fetchOf('y', 'other'));
    const { running, end, done } = start([a, early, b, late, awaited, other]);
    await end('a');
    expect(running).toEqual(['a', 'b', 'awaited']);
    await end('awaited');
    await end('b');
    expect(running).toEqual(['a', 'b', 'awaited', 'other', 'early+late']);
    for (const name of ['other', 'early+late']) await end(name);
    await done;
  });

  it('fail together: what waits for a failed one does not run', async () => {
    const ran: string[] = [];
    const failing = taskAfter([], () => Promise.reject(new Error('No.')));
    const after = taskAfter([failing], () => void ran.push('after'));
    const beside = taskAfter([], () => void ran.push('beside'));
    await expect(compileTasks([failing, after, beside], () => () => {})(undefined as never, undefined)).rejects.toThrow(
      'No.',
    );
    expect(ran).toEqual(['beside']);
    expect(compileTasks([], () => () => {})(undefined as never, undefined)).toBeUndefined();
  });
});
