import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { jsonSize } from '#kit/json-size.js';
import { AnswerTooLarge } from '#runtime/errors.js';

/** The most one answer may have, measured before it is written as text. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

const sizes = new WeakMap<object, number>();

/** Returns the bytes of an answer's data as JSON, measured once; at most about `MAX_ANSWER_BYTES`. */
export function answerSize(data: Record<string, unknown> | null | undefined): number {
  if (!data) return 0;
  let size = sizes.get(data);
  if (size === undefined) {
    size = jsonSize(data, MAX_ANSWER_BYTES);
    sizes.set(data, size);
  }
  return size;
}

/** Returns the error of an answer that would have more than `maxBytes`. */
export function answerTooLarge(maxBytes: number): GraphQLError {
  const { message, code } = new AnswerTooLarge('The answer', maxBytes);
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}

/** Replaces answers of more than `maxBytes` by an error, before they are cached or written as text. */
export function limitAnswer(maxBytes = MAX_ANSWER_BYTES): ApolloServerPlugin<GatewayContext> {
  const { message, extensions } = answerTooLarge(maxBytes);
  return {
    requestDidStart: async ({ response }) => ({
      executionDidStart: async () => ({
        executionDidEnd: async () => {
          if (response.body?.kind !== 'single') return;
          const { singleResult } = response.body;
          const { data, errors } = singleResult;
          if (answerSize(data) + jsonSize(errors ?? [], maxBytes) <= maxBytes) return;
          singleResult.data = null;
          singleResult.errors = [{ message, extensions: { code: extensions.code } }];
        },
      }),
    }),
  };
}
