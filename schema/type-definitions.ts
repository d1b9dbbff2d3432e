import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concatAST, type DocumentNode, parse, Source } from 'graphql';
import { projectRoot } from '#runtime/process/project-root.js';

/** All subgraphs, in the order of composition. */
export const subgraphNames = ['auth', 'integrations', 'reporting', 'billing'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

/** Returns the path of a schema file, also when run from the build folder. */
export function schemaFile(name: string): string {
  return join(projectRoot, 'schema', name);
}

/** Returns a subgraph's type definitions, shared ones included. */
export function typeDefinitionsOf(name: SubgraphName): DocumentNode {
  return concatAST(
    ['common.graphql', `${name}.graphql`].map((file) =>
      parse(new Source(readFileSync(schemaFile(file), 'utf8'), `schema/${file}`)),
    ),
  );
}
