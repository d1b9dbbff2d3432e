const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

// What a JavaScript number may not hold.
const LONG_INTEGER = /^-?\d{16,}$/;

/**
 * Parses JSON in which ids are numbers: whole numbers of 16 digits and more become text, so that none is rounded.
 * Throws SyntaxError as JSON.parse does.
 */
export function parseExactly(text: string): unknown {
  return JSON.parse(text.replace(STRING_OR_NUMBER, (match) => (LONG_INTEGER.test(match) ? `"${match}"` : match)));
}
