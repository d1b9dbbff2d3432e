import type { ResponsePath } from '@apollo/query-planner';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** The code of errors of subgraphs that have none. */
const DOWNSTREAM_SERVICE_ERROR = 'DOWNSTREAM_SERVICE_ERROR';

/** Returns the error of a subgraph as the gateway reports it: at a path of the whole, with the subgraph's name. */
export function subgraphError(
  given: GraphQLFormattedError,
  serviceName: string,
  path: ResponsePath | undefined,
): GraphQLError {
  const { message, extensions } = given;
  return new GraphQLError(message || `Error while fetching subquery from service "${serviceName}"`, {
    originalError: given as Error & GraphQLFormattedError,
    path,
    extensions: { ...extensions, serviceName, code: extensions?.code || DOWNSTREAM_SERVICE_ERROR },
  });
}
