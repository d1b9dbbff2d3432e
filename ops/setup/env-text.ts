import { envValue } from './env-value.js';
import { findSetting, sections } from './settings-list.js';

const HEAD = `# Settings of WebMetrics, written by \`npm run setup\`. Keep this file to yourself: it holds secrets.
# The environment goes before it. Every other setting is in .env.example; \`npm run doctor\` looks all of them over.
`;

const WIDTH = 120;
const heading = (title: string) => `# --- ${title} `.padEnd(WIDTH - 1, '-');

/** Returns the text of a `.env` file with these values, each under what it is for; absent and empty ones left out. */
export function envText(values: Record<string, string>): string {
  const assign = (name: string) => `${name}=${envValue(name, values[name] ?? '')}`;
  const blocks = sections.flatMap(({ title, settings }) => {
    const given = settings.filter(({ name }) => values[name]);
    if (given.length === 0) return [];
    return [heading(title), ...given.map(({ name, purpose }) => `# ${purpose}.\n${assign(name)}`)];
  });
  const foreign = Object.keys(values).filter((name) => values[name] && !findSetting(name));
  if (foreign.length > 0) blocks.push(heading('Not settings of WebMetrics: kept as they were'), ...foreign.map(assign));
  return `${[HEAD.trimEnd(), ...blocks].join('\n\n')}\n`;
}
