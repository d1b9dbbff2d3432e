import { REDACTED, redactText } from '#runtime/log/redact-text.js';
import { isSecretField } from '#runtime/log/secret-fields.js';

const SECRET_FIELD =
  /^(?:.*(?:password|passwd|secret|token|authorization|cookie|credential|api_?key|private_?key).*|code|code_verifier|state|dsn)$/i;
const MAX_TEXT_LENGTH = 2_000;
const MAX_READ_LENGTH = 4 * MAX_TEXT_LENGTH;
const MAX_DEPTH = 4;
const MAX_ENTRIES = 50;

/** Returns a text of at most 2,000 characters without what looks like a secret. */
export function scrubText(text: string): string {
  // Cut last: half of an address or token would not be recognized.
  return (
    redactText(text.slice(0, MAX_READ_LENGTH))
      // scheme://user:password@host
      .replace(/(:\/\/)[^\s/@]+@/g, `$1${REDACTED}@`)
      .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`)
      .replace(/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, REDACTED)
      .replace(/\b([\w-]*(?:password|secret|token|api_?key)["']?\s*[=:]\s*["']?)[^\s"'&,;)}]{4,}/gi, `$1${REDACTED}`)
      // An API key or a refresh token of WebMetrics.
      .replace(/\b(?:wm_(?:live|test)_\w|wmr_[\w-])[\w-]{8,}/g, REDACTED)
      .replace(/([?&](?:code|state)=)[^\s&#]+/g, `$1${REDACTED}`)
      .slice(0, MAX_TEXT_LENGTH)
  );
}

/** Returns a shallow, short copy of `value` without secrets. */
export function scrub(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (typeof value === 'bigint') return String(value);
  if (value === null || ['number', 'boolean', 'undefined'].includes(typeof value)) return value;
  if (typeof value !== 'object' || depth >= MAX_DEPTH) return `[${typeof value}]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return scrubText(`${value.name}: ${value.message}`);
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((entry) => scrub(entry, depth + 1));
  const entries = Object.entries(value).slice(0, MAX_ENTRIES);
  return Object.fromEntries(
    entries.map(([key, entry]) => [
      key,
      SECRET_FIELD.test(key) || isSecretField(key) ? REDACTED : scrub(entry, depth + 1),
    ]),
  );
}
