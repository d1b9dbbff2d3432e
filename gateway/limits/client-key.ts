import type { Identity } from '#runtime/identity/identity.js';

/** Returns the person or the API key behind a request, or undefined when it is counted by its address. */
export function personKey({ kind, userId, apiKeyId }: Identity): string | undefined {
  if (kind === 'apiKey') return `key:${apiKeyId}`;
  return kind === 'user' ? userId : undefined;
}
