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

/** Whether an address signs in: with a user, a password, or one in its query. */
export function hasCredentials(text: string): boolean {
  if (!URL.canParse(withFirstHost(text))) return text.includes('@');
  const { username, password, search } = new URL(withFirstHost(text));
  return Boolean(username || password) || /[?&](?:password|sslpassword)=/.test(search);
}

/** Returns the displayable value of a variable: secrets are hidden, URLs masked. */
export function maskValue(name: string, value: string): string {
  const setting = findSetting(name);
  // An unknown variable may be a secret.
  if (!setting || setting.isSecret) return '(secret)';
  return setting.hasPassword ? maskUrl(value) : value;
}
