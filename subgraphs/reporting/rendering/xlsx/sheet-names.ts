const MAX_LENGTH = 31;
const RESERVED = 'history';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const NOT_ALLOWED = /[[\]:*?/\\\u0000-\u001f\u007f\ufffe\uffff]+/g;

function shorten(name: string, length: number): string {
  if (name.length <= length) return name;
  let shortened = '';
  for (const { segment } of new Intl.Segmenter().segment(name)) {
    if (shortened.length + segment.length > length - 1) break;
    shortened += segment;
  }
  return `${shortened.trimEnd()}…`;
}

/**
 * Returns a function that makes names of sheets: 1 to 31 UTF-16 units, without the characters spreadsheets refuse, without an apostrophe
 * at either end, and unique whatever their case.
 */
export function createSheetNames(): (title: string) => string {
  const taken = new Set<string>([RESERVED]);
  return (title) => {
    const plain =
      title
        .replace(NOT_ALLOWED, ' ')
        .replace(/\s+/g, ' ')
        .replace(/^[' ]+|[' ]+$/g, '') || 'Sheet';
    for (let count = 1; ; count += 1) {
      const suffix = count === 1 ? '' : ` (${count})`;
      const name = `${shorten(plain, MAX_LENGTH - suffix.length).replace(/[' ]+$/, '')}${suffix}`;
      const key = name.toLowerCase();
      if (taken.has(key)) continue;
      taken.add(key);
      return name;
    }
  };
}

/** Returns the name of a sheet as it stands in a reference. */
export const quoteSheetName = (name: string): string => `'${name.replaceAll("'", "''")}'`;
