/** The comments that an operator wrote into a `.env` file. */
export interface KeptComments {
  /** By the variable they stand above. */
  above: Map<string, string[]>;
  /** The others, in order. */
  others: string[];
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/;
const OPEN_QUOTE = /^(["'`])(?:(?!\1).)*$/;

/**
 * Returns the comments of a `.env` file for which `isGenerated` is false: notes, and settings that are commented out. A comment belongs to the
 * variable right below it, unless an empty line is between them.
 */
export function findComments(text: string, isGenerated: (line: string) => boolean): KeptComments {
  const above = new Map<string, string[]>();
  const others: string[] = [];
  let block: string[] = [];
  let quote: string | undefined;
  for (const line of text.split(/\r\n?|\n/)) {
    if (quote) {
      if (line.includes(quote)) quote = undefined;
      continue;
    }
    if (line.trimStart().startsWith('#')) {
      if (!isGenerated(line.trim())) block.push(line.trim());
      continue;
    }
    const [, name, value = ''] = ASSIGNMENT.exec(line) ?? [];
    if (name) {
      above.set(name, [...(above.get(name) ?? []), ...block]);
      quote = OPEN_QUOTE.exec(value)?.[1];
    } else others.push(...block);
    block = [];
  }
  others.push(...block);
  return { above, others };
}
