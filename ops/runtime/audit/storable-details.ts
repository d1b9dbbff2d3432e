import { redact } from '#runtime/log/redact.js';

const MAX_LENGTH = 16_000;

// PostgreSQL refuses zero characters in text, and halves of a surrogate pair in jsonb.
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Returns a text as PostgreSQL stores it. */
export function storableWords(text: string): string {
  return text.replace(UNSTORABLE, '\ufffd');
}

/**
 * Returns what was changed as it is stored: plain JSON without what stands in secret fields, or null. What is larger than
 * a person would read is left out, and said so.
 */
export function storableDetails(details: Record<string, unknown> | undefined): unknown {
  if (!details) return null;
  const text = JSON.stringify(redact(details), (_name, value) =>
    typeof value === 'string' ? storableWords(value) : value,
  );
  return text.length > MAX_LENGTH ? { leftOut: `${text.length} characters` } : JSON.parse(text);
}
