// PostgreSQL refuses zero characters and lone surrogates, which providers pass on; spreadsheets change line ends.
const NOT_STORABLE = /[\0\r\ud800-\udfff]/u;
const LINE_ENDS = /\r\n?/g;
const ALL_NOT_STORABLE = /[\0\ud800-\udfff]/gu;

/** Returns a text with U+FFFD for what PostgreSQL cannot store, and a line feed for every line end. */
export const storableText = (text: string): string =>
  NOT_STORABLE.test(text) ? text.replace(LINE_ENDS, '\n').replace(ALL_NOT_STORABLE, '\ufffd') : text;

/** Returns a value of JSON with every text storable, keys excepted. */
export function storableValue<Value>(value: Value): Value {
  if (typeof value === 'string') return storableText(value) as Value;
  if (Array.isArray(value)) return value.map(storableValue) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, storableValue(part)])) as Value;
}
