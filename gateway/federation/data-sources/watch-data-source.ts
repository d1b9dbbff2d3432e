import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import type { GatewayContext } from '#gateway/context.js';
import { errorTypeOf, failSpan, isTracing, startSpan, withSpan } from '#runtime/scope/spans.js';
import { observeSubgraphCall, type SubgraphOutcome } from '#runtime/telemetry/observe-calls.js';
import { secondsSince } from '#runtime/telemetry/registry.js';

type Options = GraphQLDataSourceProcessOptions<GatewayContext>;

/** Returns a way to a subgraph that counts its calls, and shows them in the trace of the operation they are a part of. */
export function watchDataSource(
  name: string,
  transport: 'in-process' | 'http',
  dataSource: GraphQLDataSource<GatewayContext>,
): GraphQLDataSource<GatewayContext> {
  const begin = ({ context, request }: Options) =>
    startSpan(`subgraph ${name}`, {
      kind: transport === 'http' ? 'client' : 'internal',
      parent: (context as GatewayContext).span,
      attributes: {
        'graphql.operation.name': request.operationName,
        'webmetrics.subgraph': name,
        'webmetrics.transport': transport,
      },
    });
  return {
    process: async (options) => {
      const startedAt = performance.now();
      const span = isTracing() ? begin(options) : undefined;
      let outcome: SubgraphOutcome = 'failed';
      try {
        const response = await withSpan(span, () => dataSource.process(options));
        const [error] = response.errors ?? [];
        if (error) failSpan(span, String(error.extensions?.code));
        outcome = error ? 'errors' : 'ok';
        return response;
      } catch (error) {
        failSpan(span, errorTypeOf(error));
        throw error;
      } finally {
        span?.end();
        observeSubgraphCall(name, transport, outcome, secondsSince(startedAt));
      }
    },
  };
}
