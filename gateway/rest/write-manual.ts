import { readFileSync, writeFileSync } from 'node:fs';
import { readTrustedOperations } from '#schema/trusted-operations.js';
import { schemaFile } from '#schema/type-definitions.js';
import { printResources } from './print-resources.js';

// A part of `npm run schema`: writes the table of resources in the manual. With `--check` fails when it is stale.

const file = schemaFile('manual/rest.md');
const text = readFileSync(file, 'utf8');
const printed = printResources(readTrustedOperations());
if (!text.includes(printed)) {
  if (process.argv.includes('--check')) {
    process.stderr.write('schema/manual/rest.md is stale: run `npm run schema` and commit it.\n');
    process.exitCode = 1;
  } else
    writeFileSync(
      file,
      text.replace(/^\| Resource \|[\s\S]*?\n(?=\n|$)/m, () => printed),
    );
}
