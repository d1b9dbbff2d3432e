import { parseEnv } from 'node:util';
import { ConfigurationError } from '#runtime/errors.js';
import type { KeptComments } from './kept-comments.js';
import { findSetting, sections, settings } from './settings-list.js';

/** Without special meaning to shells, Node or docker compose. */
const PLAIN = /^[\w./:@%+,=?&~^[\]-]*$/;

const reads = (written: string, value: string) => parseEnv(`NAME=${written}`).NAME === value;

/** Whether docker compose parses the quotes like Node: it has no backticks, and escapes in the others. */
function isPortable(written: string, value: string): boolean {
  if (written.startsWith("'")) return !/\\(?:'|$)/.test(value);
  return written.startsWith('"') ? !/[\\$]/.test(value) : !written.startsWith('`');
}

function* quotings(value: string): Generator<string> {
  if (PLAIN.test(value)) yield value;
  for (const quote of ["'", '"', '`']) if (!value.includes(quote)) yield quote + value + quote;
}

/**
 * Quotes a value for `readEnvFile`, and if possible compose's `env_file`. Throws ConfigurationError when no quoting
 * works.
 */
export function envValue(name: string, value: string): string {
  const ways = [...quotings(value)].filter((written) => reads(written, value));
  const best = ways.find((written) => isPortable(written, value)) ?? ways[0];
  if (best === undefined) {
    throw new ConfigurationError(
      `${name} cannot be written to a file: it has every kind of quote in it, or ends a line where none can end. ` +
        'Choose another value, or set it in the environment.',
    );
  }
  return best;
}

const HEAD = `# Settings of WebMetrics, written by \`npm run setup\`. Keep this file to yourself: it holds secrets.
# The environment goes before it. Every other setting is in .env.example; \`npm run doctor\` looks all of them over.
`;

const WIDTH = 120;
const heading = (title: string) => `# --- ${title} `.padEnd(WIDTH - 1, '-');

const HEADING = /^# --- .* -+$/;
const generated = new Set([...HEAD.trimEnd().split('\n'), ...settings.map(({ purpose }) => `# ${purpose}.`)]);

/** Whether a comment is one that `envText` writes itself. */
export const isGeneratedComment = (line: string): boolean => HEADING.test(line) || generated.has(line);

const NO_COMMENTS: KeptComments = { above: new Map(), others: [] };

/**
 * Returns the text of a `.env` file with the purpose of each value; empty ones are left out. Comments stay above their variable, and at the
 * end where it is gone.
 */
export function envText(values: Record<string, string>, comments = NO_COMMENTS): string {
  const assign = (name: string) =>
    [...(comments.above.get(name) ?? []), `${name}=${envValue(name, values[name] ?? '')}`].join('\n');
  const blocks = sections.flatMap(({ title, settings }) => {
    const given = settings.filter(({ name }) => values[name]);
    if (given.length === 0) return [];
    return [heading(title), ...given.map(({ name, purpose }) => `# ${purpose}.\n${assign(name)}`)];
  });
  const foreign = Object.keys(values).filter((name) => values[name] && !findSetting(name));
  if (foreign.length > 0) blocks.push(heading('Not settings of WebMetrics: kept as they were'), ...foreign.map(assign));
  const orphans = [...comments.above].flatMap(([name, lines]) => (values[name] ? [] : lines));
  const others = [...orphans, ...comments.others];
  if (others.length > 0) blocks.push(heading('Comments: kept as they were'), others.join('\n'));
  return `${[HEAD.trimEnd(), ...blocks].join('\n\n')}\n`;
}
