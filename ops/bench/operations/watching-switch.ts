import { partsOf, type WatchedParts, type Watching } from './watching-parts.js';

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
