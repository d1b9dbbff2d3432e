/**
 * How much of the watching a gateway does, is done: each includes the ones before. From `following` on it knows of every promise what
 * caused it, which the limits of providers need as much as the log; it is what a program that does not watch is left with.
 */
export const watchingParts = ['nothing', 'following', 'logging', 'metrics', 'tracing'] as const;

export type Watching = (typeof watchingParts)[number];

/** What is switched on for as much watching. */
export type WatchedParts = Record<Exclude<Watching, 'nothing'>, boolean>;

/** Returns what is switched on for as much watching. */
function partsOf(watching: Watching): WatchedParts {
  const last = watchingParts.indexOf(watching);
  const isOn = (part: Watching) => watchingParts.indexOf(part) <= last;
  return { following: isOn('following'), logging: isOn('logging'), metrics: isOn('metrics'), tracing: isOn('tracing') };
}

/** What this process watches now: read by the modules that switched-modules.ts puts in the place of those that watch. */
export const watched: WatchedParts = partsOf('tracing');

const listeners: ((parts: WatchedParts) => void)[] = [];

/** Calls `listener` each time something else is to be watched. */
export function onWatching(listener: (parts: WatchedParts) => void): void {
  listeners.push(listener);
}

/** Watches as much from now on. To be called while no request is under way. */
export function watch(watching: Watching): void {
  Object.assign(watched, partsOf(watching));
  for (const listener of listeners) listener(watched);
}
