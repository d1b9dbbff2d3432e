import { withFirstHost } from '#runtime/config/variables.js';
import { findSetting } from './settings-list.js';

/** Returns a URL with password and query masked. */
export function maskUrl(text: string): string {
  if (!URL.canParse(withFirstHost(text))) return '…';
  const url = new URL(withFirstHost(text));
  if (url.password) url.password = 'MASKED';
  else if (url.username) url.username = 'MASKED';
  if (url.search) url.search = '?MASKED';
  return url.href.replaceAll('MASKED', '…');
}

/** Returns the displayable value of a variable: secrets are hidden, URLs masked. */
export function maskValue(name: string, value: string): string {
  const setting = findSetting(name);
  // An unknown variable may be a secret.
  if (!setting || setting.isSecret) return '(secret)';
  return setting.hasPassword ? maskUrl(value) : value;
}
