import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually, succeeds } from '#ops/testing/eventually.js';
import { startTcpProxy, type TcpProxy } from '#ops/testing/tcp-proxy.js';
import { newDatabase, testService } from '#ops/testing/test-services.js';
import { ServiceUnavailable } from '#runtime/errors.js';
import { createLogger } from '#runtime/log/logger.js';
import { type Jobs, openJobs } from './jobs.js';

const logger = createLogger({ level: 'silent', isPretty: false });
const mongodb = testService('MONGODB');

(mongodb ? describe : describe.skip)('a queue in MongoDB that cannot be reached (needs MongoDB or FerretDB)', () => {
  let jobs: Jobs;
  let proxy: TcpProxy;
  afterEach(async () => {
    proxy.mend();
    await jobs.close();
    await proxy.close();
  });

  async function openBehindProxy(prepare: (proxy: TcpProxy) => void = () => {}) {
    const address = new URL(mongodb as string);
    proxy = await startTcpProxy(Number(address.port));
    prepare(proxy);
    Object.assign(address, { port: String(proxy.port), pathname: `test_${randomUUID().replaceAll('-', '')}` });
    jobs = await openJobs({
      databaseUrl: await newDatabase(),
      mongodbUrl: address.href,
      logger,
      pollMs: 300,
      lockLifetimeMs: 2_000,
    });
  }

  const takes = (key: string) => () => succeeds(jobs.enqueue('test.work', { key }));

  it('holds up no start: jobs run once it is there', async () => {
    await openBehindProxy((queue) => queue.cut());
    const seen: string[] = [];
    await jobs.work([{ name: 'test.work', run: async ({ key }: { key: string }) => void seen.push(key) }]);
    await expect(jobs.checkReady()).rejects.toThrow(ServiceUnavailable);
    expect(() => jobs.agenda).toThrow(ServiceUnavailable);
    proxy.mend();
    await eventually('it is ready', () => succeeds(jobs.checkReady()), 30_000);
    await eventually('it takes jobs', takes('a'), 30_000);
    await eventually('jobs run', () => seen.includes('a'), 30_000);
  }, 90_000);

  it.each(['cut', 'hang'] as const)(
    'refuses jobs at once while its connection is %s, and takes them afterwards',
    async (fault) => {
      await openBehindProxy();
      await eventually('it takes jobs', takes('before'));
      proxy[fault]();
      for (const key of ['a', 'b', 'c']) {
        const refusal = await jobs.enqueue('test.work', { key }).catch((error) => error);
        expect(refusal).toBeInstanceOf(ServiceUnavailable);
        // The driver, which would have looked for a server for ten seconds, was not waited for.
        expect(String(refusal.cause)).not.toMatch(/MongoServerSelectionError|MongoNetworkTimeoutError/);
      }
      proxy.mend();
      await eventually('it takes jobs', takes('after'), 30_000);
    },
    60_000,
  );
});
