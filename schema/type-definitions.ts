import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

/** The files of a subgraph in `schema/`: the shared one, its own, and the parts of it in a folder of its name. */
function filesOf(name: SubgraphName): string[] {
  const folder = schemaFile(name);
  const parts = existsSync(folder) ? readdirSync(folder).sort() : [];
  return ['common.graphql', `${name}.graphql`, ...parts.map((part) => `${name}/${part}`)];
}

/** Returns a subgraph's type definitions, shared ones included. */
export function typeDefinitionsOf(name: SubgraphName): DocumentNode {
  return concatAST(
    filesOf(name).map((file) => parse(new Source(readFileSync(schemaFile(file), 'utf8'), `schema/${file}`))),
  );
}
