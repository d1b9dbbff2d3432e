import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '#runtime/identity/identity.js';
import { inBackground } from '#runtime/scope/priority.js';
import { type Answer, openStage, type Stage, someone } from './testing/open-stage.js';
import { organizationFigures } from './testing/organization-figures.js';
import { failingWithSources, POSTS } from './testing/posts-of-account.js';
import type { Fault } from './testing/simulated-providers.js';

const CAMPAIGNS = /* GraphQL */ `
  query ($id: ID!, $range: DateRangeInput!) {
    account(id: $id) { campaigns(range: $range, first: 1) { totalCount } }
  }
`;
const QUOTA = /* GraphQL */ `
  query ($id: ID!) { connection(id: $id) { quota { used limit resetsAt } } }
`;

const DAY_MS = 86_400_000;
const QUARTER = 15 * 60;

interface Connected {
  identity: Identity;
  connectionId: string;
  accountIds: string[];
}

describe('provider limits', () => {
  let stage: Stage;
  let day = 0;
  beforeEach(async () => {
    stage = await openStage();
    // Neither the hour nor the day ends in a test.
    stage.clock.now = new Date('2026-11-20T12:20:00Z');
  });
  afterEach(() => stage.close());

  async function connect(providerId: string, person: 'nora' | 'emil' = 'nora'): Promise<Connected> {
    const identity = someone();
    const { id, accounts } = await stage.connect(identity, providerId, { person });
    await stage.simulated.takeCalls();
    const active = accounts.filter(({ status }: { status: string }) => status === 'ACTIVE');
    return { identity, connectionId: id, accountIds: active.map((account: { id: string }) => account.id) };
  }

  /** Reads a day that was not read before. */
  async function askNew(query: string, { identity, accountIds }: Connected, { index = 0, ask = stage.ask } = {}) {
    day += 1;
    const date = new Date(stage.clock.now.getTime() - (60 + day) * DAY_MS).toISOString().slice(0, 10);
    const { organizationId } = identity;
    const range = { start: date, end: date };
    const given = { id: accountIds[index], range, ...(query === POSTS && { organizationId }) };
    return failingWithSources(await ask(identity, query, given));
  }
  const askMany = (count: number, ask: () => Promise<Answer>) => Promise.all(Array.from({ length: count }, ask));

  async function askInTurn(count: number, ask: () => Promise<Answer>): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let n = 0; n < count; n += 1) answers.push(await ask());
    return answers;
  }

  const codesOf = (answers: Answer[]) => answers.map(({ code }) => code ?? 'OK');
  const retryAfterOf = ({ errors }: Answer): number => errors[0].extensions.retryAfter;
  const statuses = async (provider: Fault['provider']) =>
    (await stage.simulated.takeCalls(provider)).map(({ status }) => status);
  const quotaOf = async ({ identity, connectionId }: Connected) => {
    const { data, errors } = await stage.ask(identity, QUOTA, { id: connectionId });
    expect(errors).toEqual([]);
    return data.connection.quota;
  };
  const secondsAhead = (seconds: number) => new Date(stage.clock.now.getTime() + seconds * 1000);

  describe('at X, which reports requests per window,', () => {
    let nora: Connected;
    beforeEach(async () => {
      nora = await connect('x');
    });
    const ask = (who = nora) => askNew(POSTS, who);

    it('are shown on the connection, null before the first question', async () => {
      expect(await quotaOf(nora)).toBeNull();
      await stage.simulated.change({ xUserCalls: 10 });
      await ask();
      const quota = await quotaOf(nora);
      expect(quota).toMatchObject({ used: 1, limit: 10 });
      const ahead = (Date.parse(quota.resetsAt) - stage.clock.now.getTime()) / 1000;
      expect(ahead).toBeGreaterThan(QUARTER - 2);
      expect(ahead).toBeLessThanOrEqual(QUARTER + 1);
      stage.clock.advanceSeconds(QUARTER + 1);
      expect(await quotaOf(nora)).toBeNull();
    });

    it('are read from errors, too, and respected', async () => {
      await stage.simulated.breakNext({ provider: 'x', kind: 'status', status: 429 });
      const refused = await ask();
      expect(refused.code).toBe('RATE_LIMITED');
      expect(await quotaOf(nora)).toMatchObject({ used: 900, limit: 900 });
      const again = await ask();
      expect(again.code).toBe('RATE_LIMITED');
      expect(retryAfterOf(again)).toBeGreaterThan(QUARTER - 5);
      expect(retryAfterOf(again)).toBeLessThanOrEqual(QUARTER);
      expect(await statuses('x')).toEqual([429]);
      stage.clock.advanceSeconds(QUARTER + 1);
      expect((await ask()).code).toBeUndefined();
    });

    it('let the 10 remaining of 50 concurrent requests go, and the provider refuses none', async () => {
      await stage.simulated.change({ xUserCalls: 10 });
      const answers = await askMany(50, ask);
      expect(codesOf(answers).sort()).toEqual([...Array(10).fill('OK'), ...Array(40).fill('RATE_LIMITED')]);
      expect(await statuses('x')).toEqual(Array(10).fill(200));
      for (const answer of answers.filter(({ code }) => code)) {
        expect(retryAfterOf(answer)).toBeGreaterThanOrEqual(1);
        expect(retryAfterOf(answer)).toBeLessThanOrEqual(QUARTER + 1);
      }
      stage.clock.advanceSeconds(QUARTER + 1);
      expect(codesOf(await askMany(50, ask)).filter((code) => code === 'OK')).toHaveLength(10);
      expect(await statuses('x')).toEqual(Array(10).fill(200));
    });

    it('are shared by all processes of an installation', async () => {
      await stage.simulated.change({ xUserCalls: 10 });
      const another = await stage.reopen({});
      const asks = [() => ask(), () => askNew(POSTS, nora, { ask: another.ask })];
      const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => asks[n % 2]?.() as Promise<Answer>));
      expect(codesOf(answers).filter((code) => code === 'OK')).toHaveLength(10);
      expect(codesOf([await asks[0]?.(), await asks[1]?.()] as Answer[])).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
      expect(await statuses('x')).toEqual(Array(10).fill(200));
    });

    it('of one organization do not affect another', async () => {
      const emil = await connect('x', 'emil');
      await stage.simulated.breakNext({ provider: 'x', kind: 'status', status: 429 });
      expect((await ask()).code).toBe('RATE_LIMITED');
      expect((await ask(emil)).code).toBeUndefined();
      expect(await quotaOf(emil)).toMatchObject({ used: 1, limit: 900 });
      expect((await stage.ask(emil.identity, QUOTA, { id: nora.connectionId })).data.connection).toBeNull();
    });

    it('reserve a fifth for users, and spread background requests over the window', async () => {
      await stage.simulated.change({ xUserCalls: 10 });
      const work = () => inBackground(() => ask());
      const first = await askInTurn(8, work);
      const [refused] = first.filter(({ code }) => code);
      expect(refused?.code).toBe('RATE_LIMITED');
      // However often it is retried: never into the reserved fifth.
      for (let waited = 0; waited < QUARTER - 100; waited += 100) {
        stage.clock.advanceSeconds(100);
        await work();
      }
      expect(await statuses('x')).toEqual(Array(8).fill(200));
      expect(codesOf(await askInTurn(3, ask))).toEqual(['OK', 'OK', 'RATE_LIMITED']);
      expect(await statuses('x')).toEqual([200, 200]);
    });

    it('are waited for when they reset soon', async () => {
      await stage.simulated.change({ xUserCalls: 1 });
      await ask();
      stage.clock.advanceSeconds(QUARTER - 1);
      const pending = ask();
      stage.clock.advanceSeconds(3);
      expect((await pending).code).toBeUndefined();
      expect(await statuses('x')).toEqual([200, 200]);
    });

    it('are not waited for beyond the deadline of a request', async () => {
      const { ask: hurried } = await stage.reopen({ PROVIDER_TIMEOUT_MS: '300' });
      await stage.simulated.change({ xUserCalls: 1 });
      await ask();
      stage.clock.advanceSeconds(QUARTER - 1);
      const answer = await askNew(POSTS, nora, { ask: hurried });
      expect(answer.code).toBe('RATE_LIMITED');
      expect(retryAfterOf(answer)).toBeLessThanOrEqual(2);
      expect(await statuses('x')).toEqual([200]);
    });

    it('are dropped when our clock was ahead', async () => {
      await stage.simulated.change({ xUserCalls: 1 });
      expect(codesOf(await askInTurn(2, ask))).toEqual(['OK', 'RATE_LIMITED']);
      stage.clock.advanceSeconds(-2 * 3600);
      expect((await ask()).code).toBeUndefined();
      expect(await statuses('x')).toEqual([200, 200]);
    });

    it.each([
      ['missing', {}],
      ['no numbers', { 'x-rate-limit-limit': 'many', 'x-rate-limit-remaining': '-1', 'x-rate-limit-reset': 'soon' }],
      ['absurd', { 'x-rate-limit-limit': '0', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '99999999999999' }],
      ['contradictory', { 'x-rate-limit-limit': '5', 'x-rate-limit-remaining': '9', 'x-rate-limit-reset': '1' }],
    ])('are ignored when reported as %s', async (_what, headers) => {
      const body = { meta: { result_count: 0 } };
      await stage.simulated.breakNext({ provider: 'x', kind: 'status', status: 200, body, headers, times: 2 });
      expect(codesOf(await askInTurn(3, ask))).toEqual(['OK', 'OK', 'OK']);
      expect(await statuses('x')).toEqual([200, 200, 200]);
      expect(await quotaOf(nora)).toMatchObject({ limit: 900 });
    });
  });

  describe('at Meta, which reports percentages of each ad account,', () => {
    let nora: Connected;
    beforeEach(async () => {
      nora = await connect('meta-ads');
      await stage.simulated.change({ metaInsightsCallsPerHour: 10 });
    });
    const ask = (index = 0) => askNew(CAMPAIGNS, nora, { index });

    it('are respected per account, with a fifth reserved for users', async () => {
      expect(codesOf(await askInTurn(9, () => inBackground(() => ask())))).toEqual([
        ...Array(8).fill('OK'),
        'RATE_LIMITED',
      ]);
      expect(await quotaOf(nora)).toMatchObject({ used: 80, limit: 100 });
      const answers = await askInTurn(3, ask);
      expect(codesOf(answers)).toEqual(['OK', 'OK', 'RATE_LIMITED']);
      expect(retryAfterOf(answers[2] as Answer)).toBe(3600);
      expect(await quotaOf(nora)).toEqual({ used: 100, limit: 100, resetsAt: secondsAhead(3600).toISOString() });
      expect((await ask(1)).code).toBeUndefined();
      const calls = await stage.simulated.takeCalls('meta');
      expect(calls.filter(({ path }) => path.endsWith('/insights'))).toHaveLength(11);
      expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([200]));
    });

    it('report when they reset once exhausted', async () => {
      const { data } = await stage.ask(nora.identity, 'query ($id: ID!) { account(id: $id) { externalId } }', {
        id: nora.accountIds[0],
      });
      const { externalId } = data.account;
      await stage.simulated.breakNext({ provider: 'meta', kind: 'status', status: 429, match: `act_${externalId}/` });
      const [first, second] = await askInTurn(2, ask);
      expect([first?.code, second?.code]).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
      expect(retryAfterOf(second as Answer)).toBe(5 * 60);
      stage.clock.advanceSeconds(5 * 60 + 1);
      expect((await ask()).code).toBeUndefined();
    });
  });

  describe('at Google Analytics, which reports the tokens of a property,', () => {
    let nora: Connected;
    beforeEach(async () => {
      nora = await connect('google-analytics');
    });
    /** Reads a day that was not read before; what fails is in the answer's sources. */
    async function ask(): Promise<Answer> {
      const { identity, accountIds } = nora;
      const { organizationId } = identity;
      const given = {
        organizationId,
        providerId: 'google-analytics',
        range: '$range',
        accountId: accountIds[0] as string,
      };
      const query = `query ($range: DateRangeInput!) { ${organizationFigures('found', given)} }`;
      const { data, ...answer } = await askNew(query, nora);
      const [{ code, retryAfter, state }] = data.found[0].analytics.sources;
      return state === 'MISSING'
        ? { ...answer, data, code, errors: [{ extensions: { retryAfter } }] as never }
        : { ...answer, data };
    }

    it('hold requests back once exhausted, until they reset', async () => {
      await stage.simulated.change({ analyticsTokensPerHour: 3 });
      const answers = await askInTurn(5, ask);
      expect(codesOf(answers)).toEqual(['OK', 'OK', 'OK', 'RATE_LIMITED', 'RATE_LIMITED']);
      expect(await statuses('google-analytics')).toEqual([200, 200, 200]);
      const toHour = 3600 - (Math.floor(stage.clock.now.getTime() / 1000) % 3600);
      expect(Math.abs(retryAfterOf(answers[4] as Answer) - toHour)).toBeLessThanOrEqual(1);
      expect(await quotaOf(nora)).toMatchObject({ used: 40_000, limit: 40_000 });
    });

    it('let ten reports run concurrently', async () => {
      await stage.simulated.change({ analyticsReportMs: 30 });
      expect(new Set(codesOf(await askMany(40, ask)))).toEqual(new Set(['OK']));
      expect(await statuses('google-analytics')).toEqual(Array(40).fill(200));
    });

    it('of a day reset at midnight in California', async () => {
      const message = 'Exhausted property tokens per day. These quota tokens will return in under 24 hours.';
      const body = { error: { code: 429, message, status: 'RESOURCE_EXHAUSTED' } };
      stage.clock.now = new Date('2027-01-15T10:00:00Z');
      await stage.simulated.breakNext({ provider: 'google-analytics', kind: 'status', status: 429, body });
      const answers = await askInTurn(2, ask);
      expect(answers.map(retryAfterOf)).toEqual([22 * 3600, 22 * 3600]);
      expect(await statuses('google-analytics')).toEqual([429]);
    });
  });

  describe('at Google Ads, which reports nothing until it refuses,', () => {
    let nora: Connected;
    beforeEach(async () => {
      nora = await connect('google-ads');
    });

    it('pause each customer for the requested delay', async () => {
      const ask = (index = 0) => askNew(CAMPAIGNS, nora, { index });
      await stage.simulated.breakNext({ provider: 'google-ads', kind: 'status', status: 429 });
      const answers = await askInTurn(2, ask);
      expect(answers.map(retryAfterOf)).toEqual([30, 30]);
      expect((await ask(1)).code).toBeUndefined();
      expect(await statuses('google-ads')).toEqual([429, 200]);
      expect(await quotaOf(nora)).toEqual({ used: null, limit: null, resetsAt: secondsAhead(30).toISOString() });
      stage.clock.advanceSeconds(30);
      expect((await ask()).code).toBeUndefined();
    });

    it('are counted when the operator configures operations per day', async () => {
      await stage.simulated.change({ googleAdsOperationsPerDay: 500 });
      const { ask } = await stage.reopen({ GOOGLE_ADS_OPERATIONS_PER_DAY: '10' });
      const answers = await askInTurn(11, () => askNew(CAMPAIGNS, nora, { ask }));
      expect(codesOf(answers)).toEqual([...Array(10).fill('OK'), 'RATE_LIMITED']);
      expect(await statuses('google-ads')).toEqual(Array(10).fill(200));
      stage.clock.advanceSeconds(27 * 3600);
      expect((await askNew(CAMPAIGNS, nora, { ask })).code).toBeUndefined();
    });
  });

  it('at LinkedIn, which reports nothing, reset at midnight UTC', async () => {
    const nora = await connect('linkedin-ads');
    stage.clock.now = new Date('2027-01-15T21:30:00Z');
    await stage.simulated.breakNext({ provider: 'linkedin', kind: 'status', status: 429, match: 'adAnalytics' });
    const ask = () => askNew(CAMPAIGNS, nora);
    const answers = await askInTurn(2, ask);
    expect(answers.map(retryAfterOf)).toEqual([2.5 * 3600, 2.5 * 3600]);
    expect((await stage.simulated.takeCalls('linkedin')).filter(({ path }) => /Analytics/.test(path))).toHaveLength(1);
    stage.clock.advanceSeconds(2.5 * 3600);
    expect((await ask()).code).toBeUndefined();
  });
});
