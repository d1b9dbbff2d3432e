import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { joinSpecification } from '#ops/testing/join-specification.js';
import { Client } from './client.js';
import { freePort, newFolder, startProcess } from './start-process.js';

// Two foreign subgraphs, which answer only the fetches of the expected query plan.
const joined = (graph: string) => `@join__type(graph: ${graph}, key: "id")`;
const supergraphOf = (people: string, ages: string) => `${joinSpecification}
enum join__Graph {
  PEOPLE @join__graph(name: "people", url: "${people}")
  AGES @join__graph(name: "ages", url: "${ages}")
}
type Query @join__type(graph: PEOPLE) @join__type(graph: AGES) { person: Person @join__field(graph: PEOPLE) }
type Person ${joined('PEOPLE')} ${joined('AGES')} {
  id: ID!
  name: String @join__field(graph: PEOPLE)
  age: Int @join__field(graph: AGES)
}
`;

interface Requested {
  authorization: string | undefined;
}

describe('the gateway in front of any supergraph', () => {
  const servers: Server[] = [];
  const requests: Requested[] = [];
  let supergraph: string;

  async function serveAnswer(data: unknown): Promise<string> {
    const port = await freePort();
    const server = createServer(({ headers: { authorization } }, response) => {
      requests.push({ authorization });
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
    });
    servers.push(server.listen(port, '127.0.0.1'));
    return `http://127.0.0.1:${port}/graphql`;
  }

  beforeAll(async () => {
    const people = await serveAnswer({ person: { __typename: 'Person', id: '1', name: 'Ada' } });
    const ages = await serveAnswer({ _entities: [{ __typename: 'Person', age: 36 }] });
    supergraph = join(newFolder(), 'supergraph.graphql');
    writeFileSync(supergraph, supergraphOf(people, ages));
  });
  afterAll(() => {
    for (const server of servers) server.closeAllConnections();
    for (const server of servers) server.close();
  });

  it('needs no credentials, reads the addresses of its subgraphs from the supergraph, and stops on SIGTERM', async () => {
    const port = await freePort();
    const gateway = await startProcess(
      'gateway/open.js',
      ['--supergraph', supergraph, '--port', String(port), '--profile', 'open'],
      { readyWhen: /^Gateway for /m },
    );
    expect((await fetch(`http://localhost:${port}/health`)).status).toBe(200);
    const { data, errors } = await new Client(`http://localhost:${port}`).ask('{ person { name age } }');
    expect([data, errors]).toEqual([{ person: { name: 'Ada', age: 36 } }, undefined]);
    expect(requests).toEqual([{ authorization: undefined }, { authorization: undefined }]);
    expect(await gateway.stop()).toBe(0);
  });

  it.each([
    ['no supergraph', [], /--supergraph <file or URL>/],
    ['a supergraph that is not there', ['--supergraph', 'nowhere.graphql'], /nowhere\.graphql cannot be read/],
    ['an unknown profile', ['--supergraph', 'x', '--profile', 'shut'], /There is no profile "shut"/],
    ['an unknown option', ['--supergraf', 'x'], /--supergraf/],
  ])('reports %s with the remedy', async (_what, args, message) => {
    const gateway = await startProcess('gateway/open.js', [...args, '--port', String(await freePort())], {});
    expect([gateway.child.exitCode, gateway.output()]).toEqual([1, expect.stringMatching(message)]);
  });

  it('reports an invalid supergraph', async () => {
    const file = join(newFolder(), 'broken.graphql');
    writeFileSync(file, 'type Query { a: Int }');
    const gateway = await startProcess(
      'gateway/open.js',
      ['--supergraph', file, '--port', String(await freePort())],
      {},
    );
    expect([gateway.child.exitCode, gateway.output()]).toEqual([1, expect.stringContaining('cannot be used')]);
  });
});
