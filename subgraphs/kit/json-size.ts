/** The most one answer of a subgraph may have: more than the gateway sends, as it reads keys as well. */
export const MAX_SUBGRAPH_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * Returns how many bytes a value takes as JSON in UTF-8, escapes not counted; once it is beyond `max`, a number beyond
 * `max` without measuring the rest.
 */
export function jsonSize(value: unknown, max = Number.POSITIVE_INFINITY): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 2;
  if (typeof value !== 'object' || value === null) return String(value).length;
  if (value instanceof Date) return 26;
  let size = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      size += 1 + jsonSize(item, max - size);
      if (size > max) return size;
    }
    return size;
  }
  for (const key in value) {
    size += key.length + 4 + jsonSize((value as Record<string, unknown>)[key], max - size);
    if (size > max) return size;
  }
  return size;
}
