import { readFileSync, writeFileSync } from 'node:fs';
import { printErrorCodes } from '#runtime/error-codes.js';
import { schemaFile } from './type-definitions.js';

// The third part of `npm run schema`: writes the table of codes in schema/manual/errors.md. With `--check` fails when it is
// stale.

const file = schemaFile('manual/errors.md');
const text = readFileSync(file, 'utf8');
const wanted = text.replace(/^\| Code \|[\s\S]*?\n(?=\n)/m, () => printErrorCodes());
if (!text.includes(printErrorCodes())) {
  if (process.argv.includes('--check')) {
    process.stderr.write('schema/manual/errors.md is stale: run `npm run schema` and commit it.\n');
    process.exitCode = 1;
  } else writeFileSync(file, wanted);
}
