import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildSchema, parse } from 'graphql';

const folder = dirname(fileURLToPath(import.meta.url));
const schemaFile = join(folder, '..', '..', 'schema', 'api.graphql');
const output = `${join(folder, 'graph', 'generated')}/`;

function readDocuments() {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.graphql'));
  return files.sort().map((name) => {
    const location = join(folder, name);
    const rawSDL = readFileSync(location, 'utf8');
    return { location, rawSDL, document: parse(rawSDL) };
  });
}

function writeChanged(file, content) {
  if (existsSync(file) && readFileSync(file, 'utf8') === content) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/**
 * Writes the documents of the screens (`screens/**\/*.graphql`) with their types into `graph/generated/`, by the client preset of
 * GraphQL Code Generator. Throws for a document that does not fit the schema.
 */
export async function generateTypes() {
  const text = readFileSync(schemaFile, 'utf8');
  const sections = await preset.buildGeneratesSection({
    baseOutputDir: output,
    schema: parse(text),
    schemaAst: buildSchema(text),
    documents: readDocuments(),
    plugins: [],
    pluginMap: {},
    presetConfig: { fragmentMasking: false },
    config: {
      documentMode: 'string',
      enumType: 'string-literal',
      strictScalars: true,
      skipTypename: true,
      useTypeImports: true,
      pureMagicComment: true,
      scalars: { DateTime: 'string', Date: 'string', Decimal: 'string', Long: 'number', JSON: 'unknown', ID: 'string' },
    },
  });
  for (const section of sections) {
    if (/gql\.ts$|index\.ts$/.test(section.filename)) continue;
    writeChanged(section.filename, await codegen(section));
  }
}
