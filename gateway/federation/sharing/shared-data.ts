/** Of what several readers have: its JSON, as soon as one of them is answered. */
const written = new WeakMap<object, Buffer | undefined>();

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const part of Object.values(value)) freeze(part);
  Object.freeze(value);
}

/** Makes data unchangeable, so that several readers may have it: who changes it nevertheless fails with TypeError. */
export function shareData<Data extends object | null | undefined>(data: Data): Data {
  if (!data || written.has(data)) return data;
  freeze(data);
  written.set(data, undefined);
  return data;
}

/** Whether other readers have the same data. */
export const isShared = (data: object): boolean => written.has(data);

/** Returns data as JSON. What several readers have is written once. */
export function jsonOf(data: object): Buffer {
  const json = written.get(data) ?? Buffer.from(JSON.stringify(data));
  if (isShared(data)) written.set(data, json);
  return json;
}
