import { withFirstHost } from '#runtime/config/variables.js';
import { findSetting } from './settings-list.js';

/** Returns a URL with `…` in the place of its password, and of whatever its query says. */
export function maskUrl(text: string): string {
  if (!URL.canParse(withFirstHost(text))) return '…';
  const url = new URL(withFirstHost(text));
  if (url.password) url.password = 'MASKED';
  else if (url.username) url.username = 'MASKED';
  if (url.search) url.search = '?MASKED';
  return url.href.replaceAll('MASKED', '…');
}

/** Returns the value of a variable as it may be shown: secrets never, URLs without what opens them. */
export function maskValue(name: string, value: string): string {
  const setting = findSetting(name);
  // Of a variable that is not ours nobody knows what it holds.
  if (!setting || setting.isSecret) return '(secret)';
  return setting.hasPassword ? maskUrl(value) : value;
}
