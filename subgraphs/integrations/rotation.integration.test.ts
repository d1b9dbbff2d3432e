import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import type { Identity } from '#runtime/identity/identity.js';
import { projectRoot } from '#runtime/process/project-root.js';
import type { Outcome, Task } from './testing/ask-concurrently.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';
import { failingWithSources, POSTS } from './testing/posts-of-account.js';

const ACCOUNTS = 'query ($id: ID!) { connection(id: $id) { status accounts { id } } }';

const REQUESTS = 200;
const PROCESSES = 3;
const THREE_HOURS = 3 * 3600;
const DAY_MS = 86_400_000;

// X's refresh tokens are good for one use: a second exchange of the same one would end the connection.
describe('a refresh token that is rotated on each use', () => {
  let stage: Stage;
  let nora: Identity;
  let connectionId: string;
  let accountId: string;

  beforeEach(async () => {
    stage = await openStage();
    nora = someone();
    connectionId = (await stage.connect(nora, 'x')).id;
    accountId = (await look()).accounts[0].id;
    await stage.simulated.takeCalls();
  });
  afterEach(() => stage.close());

  const look = async () => (await stage.ask(nora, ACCOUNTS, { id: connectionId })).data.connection;

  const exchanges = async () =>
    (await stage.simulated.takeCalls('x-oauth')).filter(({ path }) => path === '/2/oauth2/token');

  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

  /** Each asks for other days, so that no answer can be shared: all of them need the access. */
  const operations = () =>
    Array.from({ length: REQUESTS }, (_, n) => {
      const end = stage.clock.now.getTime() - (40 + n) * DAY_MS;
      return {
        query: POSTS,
        variables: {
          organizationId: nora.organizationId,
          id: accountId,
          range: { start: dayOf(end - 3 * DAY_MS), end: dayOf(end) },
        },
      };
    });

  const askPosts = async (variables = operations()[0]?.variables) =>
    failingWithSources(await stage.ask(nora, POSTS, variables));

  async function askAll(): Promise<string[]> {
    const answers = await Promise.all(operations().map(({ variables }) => askPosts(variables)));
    expect(answers.filter(({ data }) => data?._entities[0].posts)).toHaveLength(REQUESTS);
    return answers.flatMap(({ errors }) => errors.map(({ message }) => message));
  }

  it('is exchanged once for 200 concurrent requests', async () => {
    stage.clock.advanceSeconds(THREE_HOURS);
    expect(await askAll()).toEqual([]);
    expect(await exchanges()).toHaveLength(1);
    expect(await look()).toMatchObject({ status: 'ACTIVE' });
  });

  it('is replaced by its successor for the next two hours', async () => {
    for (const _ of [1, 2, 3]) {
      stage.clock.advanceSeconds(THREE_HOURS);
      expect((await askPosts()).errors).toEqual([]);
    }
    expect((await exchanges()).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('is lost with its answer: the user must reconnect', async () => {
    stage.clock.advanceSeconds(THREE_HOURS);
    await stage.simulated.breakNext({ provider: 'x-oauth', kind: 'truncate' });
    expect((await askPosts()).code).toBe('PROVIDER_UNAVAILABLE');
    expect(await exchanges()).toHaveLength(1);
    expect((await askPosts()).code).toBe('RECONNECT_REQUIRED');
    expect(await look()).toMatchObject({ status: 'RECONNECT_REQUIRED' });
  });

  const message = async <Message>(child: ChildProcess): Promise<Message> => {
    const [said] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`A process ended with ${code}`))),
    ]);
    return said as Message;
  };

  itInDrills(
    'in several processes is exchanged once for 600 concurrent requests',
    async () => {
      stage.clock.advanceSeconds(THREE_HOURS);
      const { config, databaseUrl } = stage.services;
      const task: Task = {
        environment: {
          NODE_ENV: 'test',
          DATA_DIR: config.dataDir,
          DATABASE_URL: databaseUrl,
          DATABASE_POOL_SIZE: String(config.databasePoolSize),
        },
        simulatorUrl: stage.simulated.url,
        now: stage.clock.now.toISOString(),
        identity: nora,
        operations: operations(),
      };
      const program = join(projectRoot, 'dist/subgraphs/integrations/testing/ask-concurrently.js');
      const children = Array.from({ length: PROCESSES }, () => fork(program, { execArgv: [], env: {} }));
      try {
        await Promise.all(
          children.map((child) => {
            child.send(task);
            return message<'ready'>(child);
          }),
        );
        const outcomes = children.map((child) => message<Outcome>(child));
        for (const child of children) child.send('go');
        expect(await Promise.all(outcomes)).toEqual(Array(PROCESSES).fill({ answered: REQUESTS, problems: [] }));
        expect((await exchanges()).map(({ status }) => status)).toEqual([200]);
        // The stored tokens work for other processes.
        expect(await askAll()).toEqual([]);
        expect(await exchanges()).toEqual([]);
      } finally {
        for (const child of children) child.kill();
      }
    },
    180_000,
  );
});
