import { REDACTED, redactText } from './redact-text.js';
import { isSecretField, isSecretValue } from './secret-fields.js';

const MAX_DEPTH = 8;
const MAX_ENTRIES = 100;
const MAX_OBJECTS = 1_000;
const MAX_TEXT = 8_192;

/** The traversal of one log line, bounded so that a large object costs no more than a small one. */
interface Walk {
  left: number;
  ancestors: object[];
}

function shorten(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  // Redacted before it is cut: half a URL or half a token would no longer be recognized.
  return `${redactText(text.slice(0, 2 * MAX_TEXT)).slice(0, MAX_TEXT)}… ${text.length} characters`;
}

/** As in `{ name: 'authorization', value: … }`. */
function namesSecret(object: Record<string, unknown>): boolean {
  const name = object.name ?? object.key;
  return typeof name === 'string' && 'value' in object && isSecretField(name);
}

function walkFields(entries: Iterable<[string, unknown]>, isNamed: boolean, walk: Walk): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  let count = 0;
  for (const [name, value] of entries) {
    if (value === undefined || typeof value === 'function') continue;
    if (++count > MAX_ENTRIES || walk.left <= 0) {
      copy['…'] = 'more left out';
      break;
    }
    const isSecret = isSecretValue(name, value) || (isNamed && name === 'value');
    copy[name] = isSecret ? REDACTED : walkValue(value, walk);
  }
  return copy;
}

function walkList(list: readonly unknown[], walk: Walk): unknown[] {
  const copy: unknown[] = [];
  for (const [index, value] of list.entries()) {
    if (index >= MAX_ENTRIES || walk.left <= 0) {
      copy.push(`${list.length - index} more`);
      break;
    }
    // Alternating names and values, as in Node's rawHeaders.
    const before = list[index - 1];
    const isSecret = typeof before === 'string' && typeof value === 'string' && isSecretField(before);
    copy.push(isSecret ? REDACTED : walkValue(value, walk));
  }
  return copy;
}

function walkError(error: Error, walk: Walk): Record<string, unknown> {
  const { name, message, stack, cause, ...more } = error as Error & Record<string, unknown>;
  // Of a failed SQL query: personal data.
  delete more.parameters;
  // Of a lost connection to PostgreSQL: the whole client.
  delete more.client;
  const basics = { type: error.constructor?.name || name, message, stack };
  const copy = walkFields(Object.entries(basics), false, walk);
  if (cause !== undefined) copy.cause = walkValue(cause, walk);
  return Object.assign(copy, walkFields(Object.entries(more), false, walk));
}

function walkObject(object: object, walk: Walk): unknown {
  if (object instanceof Error) return walkError(object, walk);
  if (Array.isArray(object)) return walkList(object, walk);
  if (ArrayBuffer.isView(object)) return `${object.byteLength} bytes`;
  if (object instanceof URL) return object.href;
  if (object instanceof URLSearchParams) return walkFields(object, false, walk);
  if (object instanceof Map || object instanceof Headers) {
    const entries = [...object].map(([key, value]) => [String(key), value] as [string, unknown]);
    return walkFields(entries, false, walk);
  }
  if (object instanceof Set) return walkList([...object], walk);
  if ('toJSON' in object && typeof object.toJSON === 'function') return walkValue(object.toJSON(), walk);
  return walkFields(Object.entries(object), namesSecret(object as Record<string, unknown>), walk);
}

function walkValue(value: unknown, walk: Walk): unknown {
  if (typeof value === 'string') return shorten(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (walk.ancestors.includes(value)) return '[circle]';
  if (walk.ancestors.length >= MAX_DEPTH) return Array.isArray(value) ? `[${value.length} deeper]` : '{deeper}';
  walk.left -= 1;
  walk.ancestors.push(value);
  try {
    return walkObject(value, walk);
  } catch {
    // A getter or toJSON threw: no reason to lose the line.
    return '[unreadable]';
  } finally {
    walk.ancestors.pop();
  }
}

/**
 * Returns a copy with secret fields redacted, at any depth, in lists, errors and their causes, headers and maps. Bounded
 * in depth and size. What is a secret by its form only is redacted in the finished line.
 */
export function redact(fields: object): Record<string, unknown> {
  return walkValue(fields, { left: MAX_OBJECTS, ancestors: [] }) as Record<string, unknown>;
}
