export type Data = Record<string, unknown>;

/** Whether a value is an object, and not a list. */
export function isObject(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the own value of an object; undefined where there is none. */
export function ownValue(value: unknown, name: string): unknown {
  return value !== null && value !== undefined && Object.hasOwn(value as object, name)
    ? (value as Data)[name]
    : undefined;
}

/** Sets a value of its own, whatever the prototype has under that name. */
export function setOwn(target: Data, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { configurable: true, enumerable: true, writable: true, value });
  } else target[name] = value;
}

function mergeLists(target: unknown[], source: unknown[]): void {
  for (let index = 0; index < source.length; index += 1) {
    const [existing, added] = [target[index], source[index]];
    if (isObject(existing) && isObject(added)) mergeData(existing, added);
    else target[index] = added;
  }
}

/**
 * Merges the fields of `source` into `target`, in place: objects and lists of one length field by field, anything else replaces what
 * is there. Parts of `source` may become parts of `target`.
 */
export function mergeData(target: Data, source: Data | null | undefined): void {
  if (source === null || source === undefined || source === target) return;
  for (const name of Object.keys(source)) {
    const added = source[name];
    if (added === undefined) continue;
    if (typeof added !== 'object' || added === null) {
      setOwn(target, name, added);
      continue;
    }
    const existing = name in Object.prototype ? ownValue(target, name) : target[name];
    if (existing === added) continue;
    if (!existing) setOwn(target, name, added);
    else if (!Array.isArray(added)) mergeData(existing as Data, added as Data);
    else if (Array.isArray(existing) && existing.length === added.length) mergeLists(existing, added);
    else setOwn(target, name, added);
  }
}
