import type { Identity } from '../ops/runtime/identity.js';

/** Returns the person behind a request, or undefined when it is counted by its address. */
export function personKey({ kind, userId }: Identity): string | undefined {
  return kind === 'user' ? userId : undefined;
}
