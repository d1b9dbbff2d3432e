import type { DocumentTypes, TypedText } from './generated/types.js';

export type { DocumentTypes, TypedText };

/** Prints a parsed document: `print` of graphql. */
export type Print = (document: never) => string;

/**
 * Returns the text of a document: a string, a TypedDocumentString, or a parsed one, for which `print` is needed. Throws a
 * TypeError without it.
 */
export function textOf(document: unknown, print: Print | undefined): string {
  if (typeof document !== 'object' || document === null || !('kind' in document)) return String(document);
  if (!print) throw new TypeError('A parsed document needs the option `print`: createClient({ print }), of graphql.');
  return print(document as never);
}

/** Whether a document only reads. A word `mutation` anywhere else counts as one, too. */
export const isQuery = (text: string): boolean => !/\bmutation\b/.test(text.replace(/#.*/g, ''));
