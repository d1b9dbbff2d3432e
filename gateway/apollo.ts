import type { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { formatError } from '../ops/runtime/format-error.js';
import type { Logger } from '../ops/runtime/logger.js';
import type { GatewayContext } from './context.js';
import { limits, sizeLimits } from './limits.js';

export interface ApolloOptions {
  gateway: ApolloGateway;
  logger: Logger;
  /** Whether clients may ask for the schema. */
  hasIntrospection: boolean;
  /** Whether operations are limited in size. */
  isLimited: boolean;
  plugins?: ApolloServerPlugin<GatewayContext>[];
}

/** Names the request in every error, so that a client's report finds the log lines. */
const requestIds: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response, contextValue }) => {
      if (response.body.kind !== 'single') return;
      for (const error of response.body.singleResult.errors ?? []) {
        if (error.extensions) error.extensions.requestId = contextValue.identity.requestId;
      }
    },
  }),
};

/** Subgraphs format their errors themselves; what goes wrong in the gateway gets its code, or is masked, here. */
function describeError(formatted: GraphQLFormattedError, error: unknown, logger: Logger): GraphQLFormattedError {
  const isFormatted = formatted.extensions?.serviceName || formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR';
  if (isFormatted) return formatted;
  // What a data source throws reaches here as it is.
  const originalError = error as Error;
  const wrapped = error instanceof GraphQLError ? error : new GraphQLError(originalError.message, { originalError });
  return formatError(wrapped, '', logger);
}

/** Returns the Apollo Server that answers clients from the supergraph. Start it before use. */
export function createApolloServer(options: ApolloOptions): ApolloServer<GatewayContext> {
  const { gateway, logger, hasIntrospection, isLimited, plugins = [] } = options;
  return new ApolloServer<GatewayContext>({
    gateway,
    introspection: hasIntrospection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    ...(isLimited && { validationRules: [sizeLimits], parseOptions: { maxTokens: limits.tokens } }),
    formatError: (formatted, error) => describeError(formatted, error, logger),
    logger: {
      debug() {},
      info() {},
      warn: (message) => logger.warn(message),
      error: (message) => logger.error(message),
    },
    plugins: [requestIds, ...plugins],
  });
}
