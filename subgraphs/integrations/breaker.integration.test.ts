import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '#runtime/identity/identity.js';
import { type Answer, openStage, type Stage, someone } from './testing/open-stage.js';
import type { Fault } from './testing/simulated-providers.js';

const CAMPAIGNS = /* GraphQL */ `
  query ($id: ID!, $range: DateRangeInput!) {
    account(id: $id) { campaigns(range: $range, first: 1) { totalCount freshness { isStale } } }
  }
`;

const DAY_MS = 86_400_000;
const FAILURES = 5;

describe('the circuit breaker of an account', () => {
  let stage: Stage;
  let nora: Identity;
  let connectionId: string;
  let accounts: { id: string; externalId: string }[];
  let day = 0;
  beforeEach(async () => {
    stage = await openStage();
    nora = someone();
    const connection = await stage.connect(nora, 'google-ads');
    connectionId = connection.id;
    accounts = connection.accounts.filter(({ status }: { status: string }) => status === 'ACTIVE');
    await stage.simulated.takeCalls();
  });
  afterEach(() => stage.close());

  const rangeOf = (n: number) => {
    const date = new Date(stage.clock.now.getTime() - (60 + n) * DAY_MS).toISOString().slice(0, 10);
    return { start: date, end: date };
  };
  /** Reads a day that was not read before. */
  function ask(index = 0, through = stage.ask): Promise<Answer> {
    day += 1;
    return through(nora, CAMPAIGNS, { id: accounts[index]?.id, range: rangeOf(day) });
  }
  const breakIt = (fault: Partial<Fault>, index = 0) =>
    stage.simulated.breakNext({
      provider: 'google-ads',
      kind: 'status',
      status: 503,
      times: 1_000,
      match: `customers/${accounts[index]?.externalId}/`,
      ...fault,
    });
  async function failOften(fault: Partial<Fault> = {}): Promise<void> {
    await breakIt(fault);
    for (let n = 0; n < FAILURES; n += 1) expect((await ask()).code).toBe('PROVIDER_UNAVAILABLE');
    await stage.simulated.takeCalls();
  }
  const callCount = async () => (await stage.simulated.takeCalls('google-ads')).length;
  const retryAfterOf = ({ errors }: Answer): number | undefined => errors[0]?.extensions?.retryAfter;

  it.each<[string, Partial<Fault>]>([
    ['with server errors', {}],
    ['malformed answers', { kind: 'garbage' }],
    ['with pages for people', { kind: 'html', status: 200 }],
  ])('opens after %s, and refuses questions at once with the time to retry', async (_how, fault) => {
    await failOften(fault);
    const refused = await ask();
    expect([refused.code, retryAfterOf(refused)]).toEqual(['PROVIDER_UNAVAILABLE', 30]);
    stage.clock.advanceSeconds(12);
    expect(retryAfterOf(await ask())).toBe(18);
    expect(await callCount()).toBe(0);
  });

  it('sends one probe, however many callers ask', async () => {
    await failOften();
    stage.clock.advanceSeconds(30);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['PROVIDER_UNAVAILABLE']));
    expect(await callCount()).toBe(1);
    // The pause grows.
    expect(retryAfterOf(await ask())).toBe(60);
    stage.clock.advanceSeconds(60);
    await ask();
    expect(retryAfterOf(await ask())).toBe(120);
  });

  it('closes after an answered probe', async () => {
    await failOften();
    await stage.simulated.forgetFaults();
    expect((await ask()).code).toBe('PROVIDER_UNAVAILABLE');
    stage.clock.advanceSeconds(30);
    expect((await ask()).errors).toEqual([]);
    await breakIt({});
    expect(retryAfterOf(await ask())).toBeUndefined();
    await stage.simulated.forgetFaults();
    expect((await ask()).errors).toEqual([]);
  });

  it('answers every question of a request after an answered probe', async () => {
    await failOften();
    await stage.simulated.forgetFaults();
    stage.clock.advanceSeconds(30);
    const query = /* GraphQL */ `query ($id: ID!, $one: DateRangeInput!, $two: DateRangeInput!) {
      account(id: $id) { one: campaigns(range: $one) { totalCount } two: campaigns(range: $two) { totalCount } }
    }`;
    const variables = { id: accounts[0]?.id, one: rangeOf(500), two: rangeOf(501) };
    expect((await stage.ask(nora, query, variables)).errors).toEqual([]);
    expect(await callCount()).toBe(2);
  });

  it('is shared by all processes, of which one probes', async () => {
    const another = await stage.reopen({});
    await failOften();
    expect(retryAfterOf(await ask(0, another.ask))).toBe(30);
    expect(await callCount()).toBe(0);
    stage.clock.advanceSeconds(30);
    await Promise.all([ask(), ask(0, another.ask), ask(), ask(0, another.ask)]);
    expect(await callCount()).toBe(1);
  });

  it('does not affect other accounts', async () => {
    await failOften();
    expect((await ask(1)).errors).toEqual([]);
    const query = /* GraphQL */ `query ($id: ID!, $range: DateRangeInput!) {
      connection(id: $id) { accounts { externalId campaigns(range: $range) { totalCount } } }
    }`;
    const { data, errors } = await stage.ask(nora, query, { id: connectionId, range: rangeOf(600) });
    expect(errors).toHaveLength(1);
    const shown = data.connection.accounts.filter(({ campaigns }: { campaigns: unknown }) => campaigns !== null);
    expect(shown.length).toBeGreaterThanOrEqual(accounts.length - 1);
    expect(shown).not.toContainEqual(expect.objectContaining({ externalId: accounts[0]?.externalId }));
  });

  it('does not affect other organizations', async () => {
    await failOften();
    await stage.simulated.forgetFaults();
    const other = someone();
    const connection = await stage.connect(other, 'google-ads');
    const same = connection.accounts.find(
      ({ externalId }: { externalId: string }) => externalId === accounts[0]?.externalId,
    );
    expect((await stage.ask(other, CAMPAIGNS, { id: same.id, range: rangeOf(1) })).errors).toEqual([]);
    expect((await ask()).code).toBe('PROVIDER_UNAVAILABLE');
  });

  it('keeps the fault of the account', async () => {
    const range = rangeOf(700);
    const read = () => stage.ask(nora, CAMPAIGNS, { id: accounts[0]?.id, range });
    await read();
    stage.clock.advanceSeconds(20 * 60);
    await failOften();
    const { data, errors } = await read();
    expect(errors).toEqual([]);
    expect(data.account.campaigns.freshness).toEqual({ isStale: true });
    expect(await callCount()).toBe(0);
  });

  it.each([403, 404, 400, 429])('is not one whose requests are refused with %d', async (status) => {
    await breakIt({ status, times: FAILURES + 1 });
    for (let n = 0; n <= FAILURES; n += 1) {
      await ask();
      // As long as a limit is to be waited for.
      stage.clock.advanceSeconds(60);
    }
    expect((await ask()).errors).toEqual([]);
  });

  it('probes after the clock was set back', async () => {
    await failOften();
    await stage.simulated.forgetFaults();
    stage.clock.advanceSeconds(-3600);
    expect((await ask()).errors).toEqual([]);
  });
});
