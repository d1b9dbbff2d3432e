/** Returns JSON with all names in lowerCamelCase: Google takes a field by its original name, too. https://protobuf.dev/programming-guides/json/ */
export function camelCaseKeys(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(camelCaseKeys);
  if (typeof json !== 'object' || json === null) return json;
  const camelCase = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [camelCase(name), camelCaseKeys(value)]));
}
