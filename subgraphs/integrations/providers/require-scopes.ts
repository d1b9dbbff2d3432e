import { Forbidden } from '../../../ops/runtime/errors.js';

/** Throws Forbidden that names what is missing: people can untick permissions on the consent page. */
export function requireScopes(providerName: string, required: string[], granted: string[]): void {
  const missing = required.filter((scope) => !granted.includes(scope));
  if (missing.length === 0) return;
  throw new Forbidden(
    `${providerName} cannot be connected without the permission ${missing.join(', ')}: connect again and leave it ticked.`,
  );
}
