import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { httpStatusOf } from '#gateway/http/http-status.js';
import { AppError } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Apollo answers other errors here with status 500. */
function withStatus(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const { code, message } = error;
  return new GraphQLError(message, { extensions: { code, http: { status: httpStatusOf(code) } } });
}

async function read(readIdentity: () => Promise<Identity>): Promise<Identity> {
  try {
    return await readIdentity();
  } catch (error) {
    throw withStatus(error);
  }
}

/**
 * Reads the rights of the caller from the database before an operation with a mutation: what changes anything relies on no
 * cache, which may be seconds old or, in Redis, put back by another.
 */
export const refreshIdentity: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, contextValue }) => {
      if (operation?.operation !== 'mutation' || contextValue.identity.kind === 'anonymous') return;
      if (contextValue.readIdentity) contextValue.identity = await read(contextValue.readIdentity);
    },
  }),
};
