import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '#runtime/identity/identity.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';

const CAMPAIGNS = /* GraphQL */ `
  query ($id: ID!, $start: Date!) {
    account(id: $id) {
      campaigns(range: { start: $start, end: "2026-09-30" }, first: 1000) {
        freshness { fetchedAt ageSeconds isStale }
        edges { node { externalId metrics(range: { start: $start, end: "2026-09-30" }) { impressions } } }
      }
    }
  }
`;

const MINUTE = 60;

describe('a cached answer', () => {
  let stage: Stage;
  let nora: Identity;
  let accountId: string;
  beforeEach(async () => {
    stage = await openStage();
    nora = someone();
    accountId = await connect(nora);
  });
  afterEach(() => stage.close());

  async function connect(identity: Identity): Promise<string> {
    const { accounts } = await stage.connect(identity, 'meta-ads');
    await stage.simulated.takeCalls();
    return accounts.find(({ status }: { status: string }) => status === 'ACTIVE').id;
  }

  async function ask(identity = nora, { id = accountId, start = '2026-09-01' } = {}) {
    const { data, errors, code } = await stage.ask(identity, CAMPAIGNS, { id, start });
    return { campaigns: data?.account?.campaigns, errors, code };
  }

  const callCount = async () => (await stage.simulated.takeCalls()).filter(({ inner }) => !inner).length;

  it('is used for 15 minutes, and reports its age', async () => {
    const first = await ask();
    expect(first.campaigns.freshness).toMatchObject({ ageSeconds: 0, isStale: false });
    expect(await callCount()).toBe(1);
    stage.clock.advanceSeconds(14 * MINUTE);
    const second = await ask();
    expect(second.campaigns.freshness).toEqual({ ...first.campaigns.freshness, ageSeconds: 14 * MINUTE });
    expect(second.campaigns.edges).toEqual(first.campaigns.edges);
    expect(await callCount()).toBe(0);
    stage.clock.advanceSeconds(MINUTE);
    expect((await ask()).campaigns.freshness.ageSeconds).toBe(0);
    expect(await callCount()).toBe(1);
  });

  it('stands in for a failing provider, marked as stale', async () => {
    const before = await ask();
    stage.clock.advanceSeconds(20 * MINUTE);
    for (const fault of [{ kind: 'status', status: 500 }, { kind: 'status', status: 429 }, { kind: 'html' }] as const) {
      await stage.simulated.breakNext({ ...fault, provider: 'meta', times: 10 });
      const { campaigns, errors } = await ask();
      expect(errors).toEqual([]);
      expect(campaigns.freshness).toMatchObject({ ageSeconds: 20 * MINUTE, isStale: true });
      expect(campaigns.edges).toEqual(before.campaigns.edges);
      await stage.simulated.forgetFaults();
    }
    expect((await ask()).campaigns.freshness.isStale).toBe(false);
  });

  it('does not stand in for another range', async () => {
    await ask();
    await stage.simulated.breakNext({ provider: 'meta', kind: 'status', status: 500, times: 10 });
    expect((await ask(nora, { start: '2026-09-02' })).code).toBe('PROVIDER_UNAVAILABLE');
  });

  it('does not stand in after a withdrawn consent', async () => {
    await ask();
    stage.clock.advanceSeconds(20 * MINUTE);
    await stage.simulated.revokeGrants({ person: 'nora', provider: 'meta' });
    expect((await ask()).code).toBe('RECONNECT_REQUIRED');
  });

  it('is not used after the user connected again', async () => {
    await ask();
    stage.clock.advanceSeconds(1);
    await connect(nora);
    expect((await ask()).campaigns.freshness.ageSeconds).toBe(0);
    expect(await callCount()).toBe(1);
  });

  it('is read once for concurrent users of an organization', async () => {
    const people = Array.from({ length: 50 }, () => someone('VIEWER', nora.organizationId));
    const answers = await Promise.all(people.map((person) => ask(person)));
    expect(await callCount()).toBe(1);
    for (const { campaigns } of answers) expect(campaigns).toEqual(answers[0]?.campaigns);
  });

  it('is read again after a failure', async () => {
    await stage.simulated.breakNext({ provider: 'meta', kind: 'status', status: 500, times: 3 });
    expect((await ask()).code).toBe('PROVIDER_UNAVAILABLE');
    expect((await ask()).errors).toEqual([]);
  });

  it('is not shared between organizations', async () => {
    const emil = someone();
    const theirs = await connect(emil);
    await ask();
    expect(await callCount()).toBe(1);
    expect((await ask(emil, { id: theirs })).campaigns.freshness.ageSeconds).toBe(0);
    expect(await callCount()).toBe(1);
    expect((await ask(emil)).code).toBe('NOT_FOUND');
  });
});
