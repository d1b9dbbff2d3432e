import { readFileSync, writeFileSync } from 'node:fs';
import { printErrorCodes } from '#runtime/error-codes.js';
import { printWebhookEventTypes } from '#runtime/webhooks/event-types.js';
import { schemaFile } from './type-definitions.js';

// The third part of `npm run schema`: writes the tables of the manual that are generated from code. With `--check` fails
// when one is stale.

const tables = [
  { file: 'manual/errors.md', heading: 'Code', printed: printErrorCodes() },
  { file: 'manual/webhooks.md', heading: 'Event', printed: printWebhookEventTypes() },
];

for (const { file, heading, printed } of tables) {
  const path = schemaFile(file);
  const text = readFileSync(path, 'utf8');
  if (text.includes(printed)) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`schema/${file} is stale: run \`npm run schema\` and commit it.\n`);
    process.exitCode = 1;
  } else
    writeFileSync(
      path,
      text.replace(new RegExp(`^\\| ${heading} \\|[\\s\\S]*?\\n(?=\\n)`, 'm'), () => printed),
    );
}
