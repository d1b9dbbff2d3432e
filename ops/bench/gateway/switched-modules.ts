import type { LoadHook } from 'node:module';
import type { SwitchedSource } from './switched-sources.js';

// Hooks of Node's module loader: WebMetrics has no switch that turns watching off, so what it costs is measured with one put
// into the modules that watch. The same process then does both by turns: two processes of one program can differ by
// more than what is looked for.

let sources = new Map<string, SwitchedSource>();

/** Told, as pairs, which modules have another source from now on. */
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
