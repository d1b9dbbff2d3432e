import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typescriptPlugin from '@graphql-codegen/typescript';
import * as resolversPlugin from '@graphql-codegen/typescript-resolvers';
import { projectRoot } from '#runtime/process/project-root.js';
import { composeSupergraph } from './compose-supergraph.js';
import { GENERATED, writeGenerated } from './generated-files.js';
import { type SubgraphName, schemaFile, subgraphNames, typeDefinitionsOf } from './type-definitions.js';

// The first half of `npm run schema`: composes what clients see, and generates each subgraph's resolver types, from the contracts alone.
// With `--check` fails when a committed file is stale.

/** Types with another parent than their own fields, exported as `<Type>Model`. */
function modelsOf(name: SubgraphName): Record<string, string> {
  const file = join(projectRoot, 'subgraphs', name, 'models.ts');
  if (!existsSync(file)) return {};
  const names = [...readFileSync(file, 'utf8').matchAll(/^export (?:type|interface) (\w+)Model\b/gm)];
  return Object.fromEntries(names.map(([, type]) => [type, `./models.js#${type}Model`]));
}

async function generateResolverTypes(name: SubgraphName): Promise<[string, string]> {
  const file = join(projectRoot, 'subgraphs', name, 'resolver-types.ts');
  const content = await codegen({
    filename: file,
    schema: typeDefinitionsOf(name),
    documents: [],
    plugins: [{ typescript: {} }, { 'typescript-resolvers': {} }],
    pluginMap: { typescript: typescriptPlugin, 'typescript-resolvers': resolversPlugin },
    config: {
      federation: true,
      useTypeImports: true,
      emitLegacyCommonJSImports: false,
      enumsAsTypes: true,
      strictScalars: true,
      avoidOptionals: { field: true },
      contextType: './context.js#Context',
      mappers: modelsOf(name),
      scalars: {
        DateTime: { input: 'Date', output: 'Date | string' },
        Date: 'string',
        Decimal: 'string',
        Long: 'number',
        JSON: 'unknown',
        _FieldSet: 'string',
        ID: 'string',
      },
    },
  });
  return [file, `// ${GENERATED}\n${content}`];
}

const { api } = composeSupergraph(subgraphNames.map((name) => [name, typeDefinitionsOf(name)]));
writeGenerated([
  [schemaFile('api.graphql'), `# ${GENERATED}\n${api}\n`],
  ...(await Promise.all(subgraphNames.map(generateResolverTypes))),
]);
