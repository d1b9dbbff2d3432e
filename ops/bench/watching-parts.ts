/** How much of the watching a gateway does, is done: each includes the ones before. */
export const watchingParts = ['nothing', 'context', 'logging', 'metrics', 'tracing'] as const;

export type Watching = (typeof watchingParts)[number];

/** What is switched on for as much watching; `context` is that whatever a request causes is known as caused by it. */
export type WatchedParts = Record<Exclude<Watching, 'nothing'>, boolean>;

/** Returns what is switched on for as much watching. */
export function partsOf(watching: Watching): WatchedParts {
  const last = watchingParts.indexOf(watching);
  const isOn = (part: Watching) => watchingParts.indexOf(part) <= last;
  return { context: isOn('context'), logging: isOn('logging'), metrics: isOn('metrics'), tracing: isOn('tracing') };
}
