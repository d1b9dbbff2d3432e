import type { LoadHook } from 'node:module';
import type { SwitchedSource } from './switched-sources.js';

// Hooks that put a switch into instrumented modules, so that one process is measured with and without telemetry: two
// processes of one program can differ by more than its cost.

let sources = new Map<string, SwitchedSource>();

/** Receives the replaced sources by URL. */
export function initialize(given: [url: string, source: SwitchedSource][]): void {
  sources = new Map(given);
}

export const load: LoadHook = async (url, context, nextLoad) => {
  const switched = sources.get(url);
  if (!switched) return nextLoad(url, context);
  if (switched.instead) return { format: 'module', shortCircuit: true, source: switched.instead };
  const module = await nextLoad(url, context);
  return { ...module, source: `${module.source}\n${switched.behind}` };
};
