/** Returns a copy of a JSON value: what is changed in one is not changed in the other. */
export function copyJson<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson) as Value;
  const copy: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    // Assigned, it would be the prototype.
    if (name === '__proto__') Object.defineProperty(copy, name, { value: copyJson(part), enumerable: true });
    else copy[name] = copyJson(part);
  }
  return copy as Value;
}
