import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { GatewayContext } from '#gateway/context.js';
import { createApolloServer } from '#gateway/graph/apollo.js';
import { trackGenerations } from '#gateway/graph/generations.js';
import type { SubgraphRequest, SubgraphResponse } from '#kit/executor.js';
import { eventually } from '#ops/testing/eventually.js';
import { joinSpecification } from '#ops/testing/join-specification.js';
import { anonymous } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { shareFetches } from './data-sources/share-fetches.js';
import { SubgraphDataSource } from './data-sources/subgraph-data-source.js';
import { createGateway } from './supergraph.js';
import { watchSupergraph } from './watch-supergraph.js';

const supergraph = (personFields: string) => `${joinSpecification}
enum join__Graph { PEOPLE @join__graph(name: "people", url: "http://127.0.0.1:1/graphql") }
type Query @join__type(graph: PEOPLE) { person: Person }
type Person @join__type(graph: PEOPLE) { ${personFields} }
`;

/** Answers what it is asked for, in a later turn of the event loop. */
class People extends SubgraphDataSource {
  asked = 0;

  async execute({ query }: SubgraphRequest): Promise<SubgraphResponse> {
    this.asked += 1;
    await new Promise((resolve) => setImmediate(resolve));
    const person = { id: '1', name: 'Ada', ...(query.includes('age') && { age: 36 }) };
    return { data: { person }, cachePolicy: { maxAge: 0, scope: 'PRIVATE' } };
  }
}

describe('the supergraph in a file that changes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'webmetrics-supergraph-'));
  const file = join(folder, 'supergraph.graphql');
  const [error, info] = [jest.fn(), jest.fn()];
  const logger = { debug() {}, info, warn() {}, error } as unknown as Logger;
  const people = new People();
  const replace = (sdl: string) => {
    writeFileSync(`${file}.new`, sdl);
    renameSync(`${file}.new`, file);
  };
  replace(supergraph('id: ID! name: String'));
  const apollo = createApolloServer({
    gateway: createGateway({
      supergraphSdl: watchSupergraph(file, logger, 10),
      dataSourceFor: () => shareFetches(people),
    }),
    logger,
    hasIntrospection: true,
    isLimited: false,
    plugins: [trackGenerations()],
  });
  beforeAll(() => apollo.start());
  afterAll(async () => {
    await apollo.stop();
    rmSync(folder, { recursive: true });
  });

  async function ask(query: string, given: Partial<GatewayContext> = {}) {
    const { body } = await apollo.executeOperation(
      { query },
      { contextValue: { identity: anonymous('request-1'), ...given } },
    );
    return body.kind === 'single' ? body.singleResult : {};
  }

  it('is replaced while operations run, none of which fails; one that cannot be used is logged', async () => {
    let isOver = false;
    const answers: unknown[] = [];
    const load = Array.from({ length: 8 }, async (_client, number) => {
      while (!isOver) answers.push(await ask(`query Of${number} { person { id name } }`));
    });
    expect((await ask('{ person { age } }')).errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
    replace(supergraph('id: ID! name: String age: Int'));
    await eventually('the new field', async () => (await ask('{ person { age } }')).data?.person !== undefined);
    replace('type Query { broken');
    await eventually('the error', async () => error.mock.calls.length === 1);
    replace(supergraph('id: ID! name: String age: Int born: Int'));
    await eventually('the next one', async () => info.mock.calls.length === 2);
    expect(await ask('{ person { age } }')).toEqual({ data: { person: { age: 36 } } });
    isOver = true;
    await Promise.all(load);
    expect(answers.length).toBeGreaterThan(8);
    const whole = JSON.stringify({ data: { person: { id: '1', name: 'Ada' } } });
    expect(answers.filter((answer) => JSON.stringify(answer) !== whole)).toEqual([]);
  });

  it('asks no subgraph for operations that are only planned', async () => {
    const { asked } = people;
    expect(await ask('query Planned { person { id } }', { isWarmUp: true })).toMatchObject({
      errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    });
    expect([people.asked, error.mock.calls.length]).toEqual([asked, 1]);
    expect((await ask('query Planned { person { id } }')).data).toEqual({ person: { id: '1' } });
  });
});
