import type { ApiKey } from '#auth/entities/api-key.js';

/** Returns what the audit trail says of a key. */
export function apiKeyFacts({ name, kind, scopes, expiresAt }: ApiKey): Record<string, unknown> {
  return { name, kind, scopes, expiresAt: expiresAt.toISOString() };
}
