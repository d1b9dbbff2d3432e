import { createHmac, randomBytes } from 'node:crypto';
import { deriveKey } from '#runtime/config/secrets.js';
import { isSameSecret } from '#runtime/same-secret.js';
import type { KeysOf } from './internal-signer.js';

const TAG_LENGTH = 12;
const FORM = /^[\w-]{55,100}$/;
const ISSUERS = ['auth', 'integrations', 'reporting'];

function tagOf(key: string, text: string): string {
  const mac = createHmac('sha256', deriveKey(key, 'webmetrics issued tokens')).update(text);
  return mac.digest('base64url').slice(0, TAG_LENGTH);
}

/** Returns `text` with a tag, by which the gateway recognizes that this part issued it, without asking it. */
export function tagToken(key: string, text: string): string {
  return text + tagOf(key, text);
}

/** Returns a token of 256 random bits in base64url after `prefix`, tagged with the key of the part that issues it. */
export function issueToken(key: string, prefix = ''): string {
  return tagToken(key, prefix + randomBytes(32).toString('base64url'));
}

/**
 * Whether a part issued this text as a token. It may have expired or been used since: that decides under what a request is
 * counted, and never what it may do.
 */
export function wasIssued(keysOf: KeysOf, token: string): boolean {
  if (!FORM.test(token)) return false;
  const [text, tag] = [token.slice(0, -TAG_LENGTH), token.slice(-TAG_LENGTH)];
  return ISSUERS.flatMap((part) => keysOf(part)).some((key) => isSameSecret(tag, tagOf(key, text)));
}
