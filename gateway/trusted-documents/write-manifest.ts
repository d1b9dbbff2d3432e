import { readFileSync, writeFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { ConfigurationError } from '#runtime/errors.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { schemaFile } from '#schema/type-definitions.js';
import { buildManifest } from './build-manifest.js';

// `npm run manifest -- <files, folders, manifests> [--client <name>] [--out <file>]`: writes the manifest of a client's
// operations, in the format of Apollo's persisted query manifests.

try {
  const { flags, words } = readCommandLine({ client: { type: 'string' }, out: { type: 'string' } });
  if (words.length === 0) {
    throw new ConfigurationError(
      'Name the files and folders of the operations: npm run manifest -- src/operations --client web --out web.json',
    );
  }
  const schema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
  const manifest = buildManifest(schema, flags.client, words);
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  if (flags.out) {
    writeFileSync(flags.out, text);
    process.stdout.write(`${flags.out}: ${manifest.operations.length} operations\n`);
  } else process.stdout.write(text);
} catch (error) {
  exitWith(error, 'There is no manifest.');
}
