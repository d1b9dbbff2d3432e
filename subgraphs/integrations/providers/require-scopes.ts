import { ReconnectRequired } from '#integrations/errors.js';
import { withFault } from '#integrations/faults/fault-of.js';
import { Forbidden } from '#runtime/errors.js';

/** Required scopes, with what they allow in words that follow "to". */
export type NeededScopes = Record<string, string>;

const list = new Intl.ListFormat('en', { type: 'conjunction' });

function missingOf(needed: NeededScopes, granted: string[]): string | undefined {
  const missing = Object.entries(needed).filter(([scope]) => !granted.includes(scope));
  if (missing.length === 0) return undefined;
  const words = list.format([...new Set(missing.map(([, allows]) => allows))]);
  return `the permission to ${words} (${missing.map(([scope]) => scope).join(', ')})`;
}

/** Throws Forbidden that names the missing scopes: users can untick them. */
export function requireScopes(providerName: string, needed: NeededScopes, granted: string[]): void {
  const missing = missingOf(needed, granted);
  if (!missing) return;
  throw withFault(
    'SCOPE_MISSING',
    new Forbidden(`${providerName} cannot be connected without ${missing}: connect again and leave it ticked.`),
  );
}

/**
 * Throws ReconnectRequired when a renewed token has fewer scopes than required. Undefined = unchanged (RFC 6749, 5.1).
 */
export function requireScopesStill(providerName: string, needed: NeededScopes, granted: string[] | undefined): void {
  const missing = granted && missingOf(needed, granted);
  if (missing) throw scopeTakenBack(providerName, missing);
}

/** Returns the error of a connection whose scope was withdrawn. */
export function scopeTakenBack(providerName: string, missing: string): ReconnectRequired {
  return withFault('SCOPE_MISSING', new ReconnectRequired(providerName, `has taken back ${missing}`));
}
