import { buildSubgraphSchema } from '@apollo/subgraph';
import { describe, expect, it } from '@jest/globals';
import { graphql, parse } from 'graphql';
import { applyPayloadContexts, withContext } from './payload-context.js';

const typeDefs = parse(/* GraphQL */ `
  type Query { who: String }
  type Mutation { signIn: Payload! stay: Payload! }
  type Payload { user: User! users: [User!]! page: Page! at: String }
  type Page { nodes: [User!]! }
  type User { who: String friend: User }
`);

interface Who {
  who: string;
}

const user = () => ({});
const resolvers: Record<string, any> = {
  Query: { who: (_root: unknown, _args: unknown, { who }: Who) => who },
  Mutation: { signIn: () => withContext({ who: 'ada' }, { at: 'now' }), stay: () => ({ at: 'now' }) },
  Payload: { user, users: async () => [user(), user()], page: () => ({ nodes: [user()] }) },
  User: { who: (_user: unknown, _args: unknown, { who }: Who) => who, friend: user },
};

const schema = applyPayloadContexts(buildSubgraphSchema({ typeDefs, resolvers }));

const ask = (source: string) => graphql({ schema, source, contextValue: { who: 'caller' } });

describe('withContext', () => {
  it('gives its context to every field below the payload, through lists, promises and objects without a resolver', async () => {
    const { data, errors } = await ask(
      'mutation { signIn { at user { who friend { friend { who } } } users { who } page { nodes { who } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      signIn: {
        at: 'now',
        user: { who: 'ada', friend: { friend: { who: 'ada' } } },
        users: [{ who: 'ada' }, { who: 'ada' }],
        page: { nodes: [{ who: 'ada' }] },
      },
    });
  });

  it('leaves the context of the other mutations of the operation as it is', async () => {
    const { data } = await ask('mutation { signIn { user { who } } stay { user { who } page { nodes { who } } } }');
    expect(data).toMatchObject({
      signIn: { user: { who: 'ada' } },
      stay: { user: { who: 'caller' }, page: { nodes: [{ who: 'caller' }] } },
    });
  });
});
