import type { LoadHook } from 'node:module';

// Hooks of Node's module loader: WebMetrics has no switch that turns watching off, so what it costs is measured against
// the same program with the modules that watch left empty.

let sources = new Map<string, string>();

/** Told, as pairs, which modules have another source from now on. */
export function initialize(given: [url: string, source: string][]): void {
  sources = new Map(given);
}

export const load: LoadHook = (url, context, nextLoad) => {
  const source = sources.get(url);
  return source === undefined ? nextLoad(url, context) : { format: 'module', shortCircuit: true, source };
};
