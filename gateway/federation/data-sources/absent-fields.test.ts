import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import type { SubgraphResponse } from '#kit/executor.js';
import { AppError } from '#runtime/errors.js';
import { typeDefinitionsOf } from '#schema/type-definitions.js';
import { createAbsentFields } from './absent-fields.js';
import { SubgraphDataSource } from './subgraph-data-source.js';
import { watchDataSource } from './watch-data-source.js';

const QUERY = `query E__integrations__1($representations:[_Any!]!){_entities(representations:$representations){
  ...on Organization{connectionCount clients:clientCount connections{id}} ...on Account{name}}}`;
const variables = {
  representations: [
    { __typename: 'Organization', id: 'one' },
    { __typename: 'Account', id: 'two' },
  ],
};

class Failing extends SubgraphDataSource {
  readonly #error: Error;

  constructor(error: Error) {
    super();
    this.#error = error;
  }

  execute(): Promise<SubgraphResponse> {
    return Promise.reject(this.#error);
  }
}

describe('a subgraph that is away', () => {
  const absent = createAbsentFields(typeDefinitionsOf('integrations'));
  const process = (error: Error, query = QUERY) =>
    watchDataSource('integrations', 'in-process', new Failing(error)).process({
      request: { query, variables },
      context: {} as GatewayContext,
    } as never);

  it('has null for what only other subgraphs read of it, by entity and alias, and nothing else', () => {
    expect(absent({ query: QUERY, variables })).toEqual({
      _entities: [{ __typename: 'Organization', connectionCount: null, clients: null }, { __typename: 'Account' }],
    });
  });

  it('answers for each of several fetches that were combined', () => {
    const combined = `query E($representations:[_Any!]!,$more:[_Any!]!){
      _entities(representations:$representations){...on Organization{connectionCount}}
      _e1:_entities(representations:$more){...on Account{name}}}`;
    const given = { representations: variables.representations.slice(0, 1), more: variables.representations.slice(1) };
    expect(absent({ query: combined, variables: given })).toEqual({
      _entities: [{ __typename: 'Organization', connectionCount: null }],
      _e1: [{ __typename: 'Account' }],
    });
  });

  it.each([
    ['an operation of a client', '{ providers { id } }', {}],
    ['entities without such fields', QUERY.replace('connectionCount clients:clientCount', ''), variables],
    ['no representations', QUERY, undefined],
  ])('has nothing for %s', (_what, query, given) => {
    expect(absent({ query, variables: given })).toBeUndefined();
  });

  it('has nothing of a field that must not be null', () => {
    const strict = createAbsentFields(parse('type Organization { connectionCount: Int! @inaccessible }'));
    expect(strict({ query: QUERY, variables })).toBeUndefined();
  });

  it('is answered for with the error that it gave, unless that is a fault of ours', async () => {
    const away = new AppError('The subgraph integrations cannot be reached.', 'SUBGRAPH_UNAVAILABLE', {
      retryAfter: 5,
    });
    expect(await process(away)).toMatchObject({
      data: { _entities: [{ connectionCount: null }, {}] },
      errors: [{ message: away.message, extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryAfter: 5 } }],
    });
    await expect(process(away, '{ providers { id } }')).rejects.toBe(away);
    const fault = new TypeError('x is not a function');
    await expect(process(fault)).rejects.toBe(fault);
  });
});
