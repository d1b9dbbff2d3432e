import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concatAST, type DocumentNode, parse, Source } from 'graphql';
import { projectRoot } from '#runtime/process/project-root.js';

/** The subgraphs whose contract stands in this folder, in the order they are composed. */
export const subgraphNames = ['auth', 'integrations', 'reporting', 'billing'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

/** Returns the path of a file of this folder, also when the code runs from the build folder. */
export function schemaFile(name: string): string {
  return join(projectRoot, 'schema', name);
}

/** Returns a subgraph's contract: the shared definitions and its own. */
export function typeDefinitionsOf(name: SubgraphName): DocumentNode {
  return concatAST(
    ['common.graphql', `${name}.graphql`].map((file) =>
      parse(new Source(readFileSync(schemaFile(file), 'utf8'), `schema/${file}`)),
    ),
  );
}
