import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigurationError } from '#runtime/errors.js';

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/;
const OPEN_QUOTE = /^(["'`])(?:(?!\1).)*$/;

/**
 * Returns the variables of a `.env` file; none when there is no file. Throws ConfigurationError with the line number when
 * a line is not `NAME=value`: Node's own parser would skip it, and with it a setting.
 */
export function readEnvFile(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`${file} cannot be read: make it readable for this user, or remove it.`, { cause });
  }
  let quote: string | undefined;
  const lines = text.split(/\r\n?|\n/).map((line, index) => {
    if (quote) {
      if (line.includes(quote)) quote = undefined;
      return line;
    }
    if (line.trim() === '' || line.trimStart().startsWith('#')) return '';
    const [, name, value = ''] = ASSIGNMENT.exec(line) ?? [];
    if (!name) {
      throw new ConfigurationError(`${file}, line ${index + 1}: expected NAME=value or a # comment.`);
    }
    quote = OPEN_QUOTE.exec(value)?.[1];
    return `${name}=${value}`;
  });
  if (quote) throw new ConfigurationError(`${file}: a value opens with ${quote} and is never closed.`);
  return parseEnv(lines.join('\n')) as Record<string, string>;
}
