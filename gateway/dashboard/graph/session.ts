import type { TokenStore, Tokens } from '#gateway/client/index.js';
import { webStore } from '#gateway/client/index.js';

/**
 * Where the browser keeps its session. The API answers with tokens and takes them in a header: there is no cookie, so no other
 * page can use them (ops/decisions/0126). `localStorage` survives a reload and is shared by tabs; the page's
 * Content-Security-Policy runs no script but its own.
 */
const KEY = 'webmetrics-session';
export const sessionStore: TokenStore = webStore(window.localStorage, KEY);

const readTokens = (text: string | null): Tokens | undefined => (text ? (JSON.parse(text) as Tokens) : undefined);

/** Whether someone is signed in, as far as the browser knows. */
export const hasSession = (): boolean => window.localStorage.getItem(KEY) !== null;

/** Returns which session it is: the same after its tokens were exchanged, another one after a sign-in. */
function sessionOf(tokens: Tokens | undefined): string | undefined {
  if (!tokens) return undefined;
  try {
    const payload = (tokens.accessToken.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const { sub, sid } = JSON.parse(atob(payload)) as Record<string, unknown>;
    return JSON.stringify([sub, sid]);
  } catch {
    return undefined;
  }
}

/**
 * Calls `onChange` when another tab signs in, and nothing that this tab shows is
 * valid any more. Sign-outs are reported by the client (`onSignedOut`).
 */
export function watchOtherTabs(onChange: () => void): void {
  window.addEventListener('storage', ({ key, oldValue, newValue }) => {
    if (key !== KEY || newValue === null) return;
    if (sessionOf(readTokens(oldValue)) !== sessionOf(readTokens(newValue))) onChange();
  });
}
