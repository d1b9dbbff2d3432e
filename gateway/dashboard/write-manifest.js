import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse } from 'graphql';

const TEXT = /new TypedDocumentString\(`([\s\S]*?)`/g;

function operationIn(body) {
  const found = parse(body).definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return found && { name: found.name.value, type: found.operation };
}

function publicTexts(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.graphql'));
  return names.map((name) => readFileSync(join(folder, name), 'utf8'));
}

/**
 * Writes the manifest of the operations that the page sends, exactly as it sends them: those of its screens in `generated`, a file of
 * the client preset, and the public ones. A gateway that runs known operations only trusts it.
 */
export function writeManifest({ generated, publicOperations, output }) {
  const own = [...readFileSync(generated, 'utf8').matchAll(TEXT)].map(([, text]) => text);
  const operations = [...own, ...publicTexts(publicOperations)].flatMap((body) => {
    const operation = operationIn(body);
    const id = createHash('sha256').update(body).digest('hex');
    return operation ? [{ id, ...operation, body }] : [];
  });
  const manifest = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    client: 'webmetrics-dashboard',
    operations,
  };
  writeFileSync(output, JSON.stringify(manifest));
}
