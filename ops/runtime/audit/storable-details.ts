import { redact } from '#runtime/log/redact.js';

const MAX_LENGTH = 16_000;

// PostgreSQL refuses NUL in text, and lone surrogates in jsonb.
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Returns a text that PostgreSQL can store. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '\ufffd');
}

/** Returns changed fields as they are stored: JSON without secret fields, or null. Beyond 16,000 characters only its size. */
export function storableDetails(details: Record<string, unknown> | undefined): unknown {
  if (!details) return null;
  const text = JSON.stringify(redact(details), (_name, value) =>
    typeof value === 'string' ? storableText(value) : value,
  );
  return text.length > MAX_LENGTH ? { leftOut: `${text.length} characters` } : JSON.parse(text);
}
