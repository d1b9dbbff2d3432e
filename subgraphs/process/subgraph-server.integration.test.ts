import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { billing } from '#billing/index.js';
import { eventually } from '#ops/testing/eventually.js';
import { openTestServices } from '#ops/testing/test-services.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { openSubgraphServer } from './subgraph-server.js';
import { openWorkerServer } from './worker-server.js';

describe('the server of a subgraph', () => {
  let services: Services;
  let app: FastifyInstance;

  beforeAll(async () => {
    services = await openTestServices();
    app = await openSubgraphServer(services, await billing.open(services));
  });
  afterAll(() => services.lifecycle.close());

  const status = async (identity?: Identity, audience = 'billing') => {
    const authorization = identity && `Bearer ${await services.internalSigner.sign(identity, audience)}`;
    return app.inject({ url: '/status', headers: authorization ? { authorization } : {} });
  };
  const service: Identity = { kind: 'service', scopes: [], requestId: 'request' };

  it('is ready when its dependencies are', async () => {
    let answer = {} as Awaited<ReturnType<typeof app.inject>>;
    // A check that takes too long fails, and is made again.
    await eventually('every check has passed', async () => {
      answer = await app.inject('/ready');
      return Object.values(answer.json().checks).every((outcome) => outcome === 'ok');
    });
    const { statusCode, body } = answer;
    expect([statusCode, JSON.parse(body)]).toEqual([
      200,
      { status: 'ready', checks: { database: 'ok', jobs: 'ok', cache: 'ok', billing: 'ok' } },
    ]);
  });

  it('reports its status and that of the installation to the gateway', async () => {
    let answer = {} as Awaited<ReturnType<typeof status>>;
    // Each part has a time limit, within which a busy machine may not read it.
    await eventually('all parts are read in time', async () => {
      answer = await status(service);
      const { own, installation } = answer.json();
      return own !== null && Object.keys(installation.unknown).length === 0;
    });
    const { statusCode, body } = answer;
    expect([statusCode, JSON.parse(body)]).toEqual([
      200,
      {
        own: {
          isSold: true,
          events: {
            waiting: 0,
            oldestWaitingSince: null,
            lastReceivedAt: null,
            lagSeconds: { median: null, longest: null },
          },
          payments: { failedInLastDay: 0, pastDueOrganizations: 0 },
          reconciliation: null,
        },
        installation: expect.objectContaining({
          database: { mode: 'external', isReachable: true },
          migrations: {
            operations: { applied: expect.any(Number), pending: [] },
            billing: { applied: expect.any(Number), pending: [] },
          },
        }),
      },
    ]);
  });

  it('refuses its status to everyone else', async () => {
    const user: Identity = { kind: 'user', userId: 'nora', role: 'OWNER', scopes: [], requestId: 'request' };
    const answers = [await status(), await status(user), await status(service, 'auth')];
    expect(answers.map(({ headers }) => headers['www-authenticate'])).toEqual(
      Array(3).fill('Bearer realm="WebMetrics"'),
    );
    expect(answers.map(({ statusCode, body }) => [statusCode, body.includes('installation')])).toEqual([
      [401, false],
      [401, false],
      [401, false],
    ]);
  });
});

describe('the server of a worker', () => {
  it('shows its metrics to operators only, and challenges everyone else', async () => {
    const services = await openTestServices({
      environment: { OPERATOR_TOKEN: 'abcdefghijklmnopqrstuvwxyz-0123456789' },
    });
    const app = await openWorkerServer(services, []);
    const ask = (authorization: string) => app.inject({ url: '/metrics', headers: { authorization } });
    const refused = await ask('Bearer wrong');
    expect([refused.statusCode, refused.headers['www-authenticate'], refused.json().errors[0].extensions.code]).toEqual(
      [401, 'Bearer realm="WebMetrics"', 'UNAUTHENTICATED'],
    );
    expect((await app.inject('/metrics')).statusCode).toBe(401);
    expect((await ask('Bearer abcdefghijklmnopqrstuvwxyz-0123456789')).statusCode).toBe(200);
    await services.lifecycle.close();
  });

  it.each([
    ['refuses everyone in production', { isProduction: true }, 401],
    ['answers everyone outside production', { isProduction: false }, 200],
  ])('%s where there is no operator token', async (_what, given, status) => {
    const services = await openTestServices();
    const config = { ...services.config, ...given, operator: { ...services.config.operator, token: undefined } };
    const app = await openWorkerServer({ ...services, config }, []);
    const { statusCode } = await app.inject({ url: '/metrics', headers: { authorization: 'Bearer ' } });
    expect(statusCode).toBe(status);
    await services.lifecycle.close();
  });
});
