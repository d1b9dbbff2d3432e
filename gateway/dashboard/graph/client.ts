import { createClient } from '#gateway/client/index.js';
import { version } from './installation.ts';
import { sessionStore } from './session.ts';

const listeners = new Set<() => void>();

/** Calls `listener` when the session has ended without this tab having ended it. Returns what stops that. */
export function onSessionEnd(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The typed client of the API: one session for all tabs, exchanged once; retries with what the server asks for; request ids. */
export const client = createClient({
  url: window.location.origin,
  store: sessionStore,
  name: 'webmetrics-dashboard',
  version,
  onSignedOut: () => {
    for (const listener of listeners) listener();
  },
});
