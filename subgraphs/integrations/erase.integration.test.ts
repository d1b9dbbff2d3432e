import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Keyv } from 'keyv';
import { testJobRun } from '#ops/testing/job-run.js';
import type { JobDefinition, JobRun } from '#runtime/jobs/jobs.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';

const CAMPAIGNS =
  'query ($id: ID!) { connection(id: $id) { accounts { campaigns(range: { start: "2026-09-01", end: "2026-09-07" }) { totalCount } } } }';

describe('erasing an organization from integrations', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  /** Runs the job that the subgraph `auth` orders, in its `attempt`-th attempt. */
  function erase(organizationId: string, attempt = 1): Promise<void> {
    const job = stage.subgraph.jobs.find(({ name }) => name === 'integrations.erase-organization');
    const run: JobRun = { ...testJobRun(), attempt };
    return (job as JobDefinition<{ organizationId: string }>).run({ organizationId }, run);
  }
  const rows = (organizationId: string) =>
    stage.services.operations.query<{ status: string; sealed_tokens: string | null }[]>(
      'SELECT status, sealed_tokens FROM integrations.connection WHERE organization_id = $1',
      [organizationId],
    );
  /** How often Google was told so since the last time this was asked. */
  const revocations = async () =>
    (await stage.simulated.takeCalls('google-oauth')).filter(({ path }) => path === '/revoke').length;

  it('revokes the access before it deletes the tokens, of this organization only', async () => {
    const ours = someone();
    const theirs = someone();
    await stage.connect(ours, 'google-ads');
    await stage.connect(theirs, 'linkedin-ads');
    await erase(ours.organizationId as string);
    expect(await rows(ours.organizationId as string)).toEqual([]);
    expect(await revocations()).toBe(1);
    expect(await rows(theirs.organizationId as string)).toMatchObject([{ status: 'ACTIVE' }]);
    // Twice is once.
    await erase(ours.organizationId as string);
    expect(await revocations()).toBe(0);
  });

  it("deletes the organization's cached answers, and no others", async () => {
    const answers = stage.services.cache.namespace('provider-answer');
    const remembered = async (who: ReturnType<typeof someone>, providerId: string) => {
      const { id } = await stage.connect(who, providerId);
      const keys: string[] = [];
      const { set } = answers;
      const noting = jest.spyOn(Keyv.prototype, 'set').mockImplementation(function (this: Keyv, key, ...rest) {
        if (this.namespace === answers.namespace) keys.push(key);
        return set.call(this, key, ...rest);
      });
      await stage.ask(who, CAMPAIGNS, { id });
      noting.mockRestore();
      return keys;
    };
    const [ours, theirs] = [someone(), someone()];
    const [ourKeys, theirKeys] = [await remembered(ours, 'linkedin-ads'), await remembered(theirs, 'linkedin-ads')];
    const found = (keys: string[]) => Promise.all(keys.map(async (key) => (await answers.get(key)) !== undefined));
    expect(ourKeys.length).toBeGreaterThan(0);
    expect(new Set([...(await found(ourKeys)), ...(await found(theirKeys))])).toEqual(new Set([true]));
    await erase(ours.organizationId as string);
    expect(new Set(await found(ourKeys))).toEqual(new Set([false]));
    expect(new Set(await found(theirKeys))).toEqual(new Set([true]));
  });

  it('retries while the cache is down, but not for ever', async () => {
    const ours = someone();
    const organizationId = ours.organizationId as string;
    await stage.connect(ours, 'x');
    const away = jest.spyOn(stage.services.cache, 'forget').mockRejectedValue(new Error('Redis is away'));
    await expect(erase(organizationId, 10)).rejects.toThrow('Redis is away');
    expect(await rows(organizationId)).toHaveLength(1);
    await erase(organizationId, 11);
    expect(await rows(organizationId)).toEqual([]);
    away.mockRestore();
  });

  it('keeps a consent that another organization shares', async () => {
    const ours = someone();
    const theirs = someone();
    await stage.connect(ours, 'google-ads');
    await stage.connect(theirs, 'google-ads');
    await erase(ours.organizationId as string);
    expect(await revocations()).toBe(0);
    expect(await rows(theirs.organizationId as string)).toMatchObject([{ status: 'ACTIVE' }]);
  });

  it('retries while a provider is down, but not for ever', async () => {
    const ours = someone();
    const organizationId = ours.organizationId as string;
    await stage.connect(ours, 'meta-ads');
    await stage.simulated.breakNext({
      provider: 'meta-oauth',
      kind: 'status',
      status: 503,
      match: 'permissions',
      times: 100,
    });
    for (const attempt of [1, 10]) {
      await expect(erase(organizationId, attempt)).rejects.toThrow('1 of 1 connections could not be revoked yet.');
      expect(await rows(organizationId)).toMatchObject([{ status: 'ACTIVE' }]);
    }
    await erase(organizationId, 11);
    expect(await rows(organizationId)).toEqual([]);
    await stage.simulated.forgetFaults();
  });
});
