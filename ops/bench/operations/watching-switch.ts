/**
 * Levels of telemetry, each including those before. `following` is async context tracking, which the limits of
 * providers need as well.
 */
export const watchingParts = ['nothing', 'following', 'logging', 'metrics', 'tracing'] as const;

export type Watching = (typeof watchingParts)[number];

export type WatchedParts = Record<Exclude<Watching, 'nothing'>, boolean>;

function partsOf(watching: Watching): WatchedParts {
  const last = watchingParts.indexOf(watching);
  const isOn = (part: Watching) => watchingParts.indexOf(part) <= last;
  return { following: isOn('following'), logging: isOn('logging'), metrics: isOn('metrics'), tracing: isOn('tracing') };
}

/** The current telemetry of this process, read by the switched modules. */
export const watched: WatchedParts = partsOf('tracing');

const listeners: ((parts: WatchedParts) => void)[] = [];

/** Calls `listener` whenever the telemetry changes. */
export function onWatching(listener: (parts: WatchedParts) => void): void {
  listeners.push(listener);
}

/** Changes the telemetry; not during requests. */
export function watch(watching: Watching): void {
  Object.assign(watched, partsOf(watching));
  for (const listener of listeners) listener(watched);
}
