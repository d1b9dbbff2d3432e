import { findSetting } from '#ops/setup/settings-list.js';
import type { Environment } from '#runtime/config/config.js';
import { withFirstHost } from '#runtime/config/variables.js';

// Shorter ones are words of any sentence.
const SHORTEST_SECRET = 4;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function secretsIn(name: string, value: string): string[] {
  const setting = findSetting(name);
  if (setting?.isSecret) return [value];
  const url = withFirstHost(value);
  if (!setting?.hasPassword || !URL.canParse(url)) return [];
  const { password } = new URL(url);
  return [value, password, decoded(password)];
}

/** Returns a function that removes the secrets in these variables from a text. */
export function hideSecrets(environment: Environment): (text: string) => string {
  const secrets = Object.entries(environment)
    .flatMap(([name, value]) => secretsIn(name, value ?? ''))
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '…'), text);
}
