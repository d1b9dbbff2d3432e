import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { observeSubgraphCall, type SubgraphOutcome } from '../../ops/runtime/telemetry/observe-subgraph.js';
import { secondsSince } from '../../ops/runtime/telemetry/registry.js';
import { failSpan, inSpan } from '../../ops/runtime/telemetry/spans.js';
import type { GatewayContext } from '../context.js';

type Options = GraphQLDataSourceProcessOptions<GatewayContext>;

/** Returns a way to a subgraph that counts its calls, and shows them in the trace of the operation they are a part of. */
export function watchDataSource(
  name: string,
  road: 'in-process' | 'http',
  dataSource: GraphQLDataSource<GatewayContext>,
): GraphQLDataSource<GatewayContext> {
  const ask = (options: Options) =>
    inSpan(
      `subgraph ${name}`,
      {
        kind: road === 'http' ? 'client' : 'internal',
        parent: (options.context as GatewayContext).span,
        attributes: {
          'graphql.operation.name': options.request.operationName,
          'webmetrics.subgraph': name,
          'webmetrics.road': road,
        },
      },
      async (span) => {
        const response = await dataSource.process(options);
        const [error] = response.errors ?? [];
        if (error) failSpan(span, String(error.extensions?.code));
        return response;
      },
    );
  return {
    process: async (options) => {
      const startedAt = performance.now();
      let outcome: SubgraphOutcome = 'failed';
      try {
        const response = await ask(options);
        outcome = response.errors?.length ? 'errors' : 'ok';
        return response;
      } finally {
        observeSubgraphCall(name, road, outcome, secondsSince(startedAt));
      }
    },
  };
}
