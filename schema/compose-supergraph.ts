import { composeServices } from '@apollo/composition';
import { type DocumentNode, printSchema } from 'graphql';

/** What is composed of the contracts of the subgraphs. */
export interface ComposedSupergraph {
  /** What a gateway runs. */
  supergraph: string;
  /** What clients see. */
  api: string;
}

// Only in the composed file: at run time addresses come from the configuration.
const routingUrl = (name: string) => `http://${name}.invalid/graphql`;

/** Composes the contracts of subgraphs, in this order. Throws with every reason for which they do not compose. */
export function composeSupergraph(typeDefinitions: Iterable<[name: string, DocumentNode]>): ComposedSupergraph {
  const { errors, schema, supergraphSdl } = composeServices(
    [...typeDefinitions].map(([name, typeDefs]) => ({ name, url: routingUrl(name), typeDefs })),
  );
  if (errors) {
    throw new Error(`The subgraphs do not compose:\n${errors.map(({ message }) => `- ${message}`).join('\n')}`);
  }
  return { supergraph: supergraphSdl, api: printSchema(schema.toAPISchema().toGraphQLJSSchema()) };
}
