import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createGateway } from '#gateway/federation/supergraph.js';
import { anonymous } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { schemaFile } from '#schema/type-definitions.js';
import { createApolloServer } from './apollo.js';
import { MAX_ANSWER_BYTES } from './limit-answer.js';

const silent = { info() {}, warn() {}, error() {}, audit() {} } as unknown as Logger;

describe('an operation', () => {
  let plan: Record<string, string>;
  let count: number;
  const asked: object[] = [];
  const apollo = createApolloServer({
    gateway: createGateway({
      supergraphSdl: readFileSync(schemaFile('supergraph.graphql'), 'utf8'),
      dataSourceFor: () => ({
        process: async ({ request }) => {
          asked.push(request.variables ?? {});
          return { data: { plans: Array(count).fill(plan) } };
        },
      }),
    }),
    logger: silent,
    hasIntrospection: true,
    isLimited: true,
  });
  beforeAll(() => apollo.start());
  afterAll(() => apollo.stop());

  const ask = async (query: string, variables = {}) => {
    const { body } = await apollo.executeOperation(
      { query, variables },
      { contextValue: { identity: anonymous('request-1') } },
    );
    return body.kind === 'single' ? body.singleResult : {};
  };

  it('is answered up to the limit of bytes and refused beyond', async () => {
    count = 100;
    plan = { name: 'x'.repeat(MAX_ANSWER_BYTES / count - 100) };
    expect(await ask('{ plans { name } }')).toMatchObject({ data: { plans: expect.anything() } });
    plan = { name: 'x'.repeat(MAX_ANSWER_BYTES / count) };
    expect(await ask('{ plans { name } }')).toEqual({
      data: null,
      errors: [
        {
          message: 'The answer has more than 8 MiB: ask for fewer items (`first`) or fields.',
          extensions: { code: 'ANSWER_TOO_LARGE', requestId: 'request-1' },
        },
      ],
    });
  });

  it('is refused when names and not values make its answer large', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `${'n'.repeat(98)}${at + 10}`);
    plan = Object.fromEntries(names.map((name) => [name, 'x']));
    count = 2_500;
    const { data, errors } = await ask(`{ plans { ${names.map((name) => `${name}: name`).join(' ')} } }`);
    expect({ data, codes: errors?.map(({ extensions }) => extensions?.code) }).toEqual({
      data: null,
      codes: ['ANSWER_TOO_LARGE'],
    });
  });

  it('gets the variables that it declares, and no others', async () => {
    asked.length = 0;
    plan = { name: 'Trial' };
    const others = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`v${at}`, at]));
    const query = 'query ($yes: Boolean!) { plans { name @include(if: $yes) } }';
    expect(await ask(query, { ...others, yes: true })).toMatchObject({ data: { plans: expect.anything() } });
    expect(asked).toEqual([{ yes: true }]);
  });
});
