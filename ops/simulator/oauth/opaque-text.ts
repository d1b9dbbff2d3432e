import { randomBytes } from 'node:crypto';

/** Returns a prefix and random text, as in tokens and codes. */
export function opaqueText(prefix: string, length: number): string {
  return prefix + randomBytes(length).toString('base64url').slice(0, length);
}

/** The same of letters and digits only. */
export function opaqueAlphanumerics(prefix: string, length: number): string {
  let text = '';
  while (text.length < length) text += randomBytes(length).toString('base64').replace(/[+/=]/g, '');
  return prefix + text.slice(0, length);
}
