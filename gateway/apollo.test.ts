import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anonymous } from '../ops/runtime/identity.js';
import type { Logger } from '../ops/runtime/logger.js';
import { schemaFile } from '../schema/type-definitions.js';
import { createApolloServer } from './apollo.js';
import { createGateway } from './supergraph.js';

describe('an error nobody expected in the gateway itself', () => {
  const lines: { requestId: string; err: Error }[] = [];
  const raised: [unknown, string][] = [];
  const line = (entry: (typeof lines)[number]) => void lines.push(entry);
  const apollo = createApolloServer({
    gateway: createGateway({
      supergraphSdl: readFileSync(schemaFile('supergraph.graphql'), 'utf8'),
      dataSourceFor: () => ({
        process: async () => {
          throw new TypeError('a data source is broken');
        },
      }),
    }),
    logger: { info: line, warn: line, error: line, audit: line } as unknown as Logger,
    hasIntrospection: false,
    isLimited: true,
    unexpected: {
      raise: (error, requestId) => void raised.push([error, requestId]),
      extensionsOf: () => ({ stacktrace: ['as in development'] }),
    },
  });
  beforeAll(() => apollo.start());
  afterAll(() => apollo.stop());

  it('names the request to the client, in the log and to operators', async () => {
    const contextValue = { identity: anonymous('request-1') };
    const { body } = await apollo.executeOperation({ query: '{ plans { id } }' }, { contextValue });
    const [error] = (body.kind === 'single' && body.singleResult.errors) || [];
    expect(error).toMatchObject({
      message: 'Internal error',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1', stacktrace: ['as in development'] },
    });
    expect(lines).toMatchObject([{ requestId: 'request-1', err: { message: 'a data source is broken' } }]);
    expect(raised).toEqual([[expect.any(TypeError), 'request-1']]);
  });
});
