import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { testJobRun } from '#ops/testing/job-run.js';
import { remedyOf } from './faults/fault-code.js';
import { faultyProviders } from './testing/faulty-providers.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';
import { organizationFieldOf, organizationFigures } from './testing/organization-figures.js';

const FIGURES: Record<string, string> = {
  'business-profile': 'locations(first: 1) { pageInfo { hasNextPage } }',
};
const CAMPAIGNS = 'campaigns(range: $range, first: 1) { totalCount }';

const DIAGNOSIS =
  'id status reason reconnectUrl lastSyncAt nextRefreshAt fault { code message remedy since account { id } } accounts { id name status fault { code } }';
const LOOK = `query ($id: ID!) { connection(id: $id) { ${DIAGNOSIS} } }`;
const CHECK = `mutation ($id: ID!) { checkConnection(connectionId: $id) { connection { ${DIAGNOSIS} } } }`;

const range = { start: '2026-09-01', end: '2026-09-07' };

const figuresOf = (providerId: string) => {
  return `query ($id: ID!${providerId === 'business-profile' ? '' : ', $range: DateRangeInput!'}) {
    connection(id: $id) { status reason accounts { ${FIGURES[providerId] ?? CAMPAIGNS} } } }`;
};

const jobOf = (subgraph: RunningSubgraph, name: string) => {
  const job = subgraph.jobs.find((one) => one.name === name);
  if (!job) throw new Error(`There is no job ${name}`);
  return (data: object = {}) => job.run(data as never, testJobRun());
};

describe('the connection doctor', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.simulated.forgetFaults());
  afterAll(() => stage.close());

  const look = async (identity: ReturnType<typeof someone>, id: string) =>
    (await stage.ask(identity, LOOK, { id })).data.connection;

  /** Figures of the whole organization say in `sources` what fails; the next answer about the connection shows it, too. */
  async function askOfOrganization(
    identity: ReturnType<typeof someone>,
    providerId: string,
    id: string,
    ask = stage.ask,
  ) {
    const { organizationId } = identity;
    const selection = organizationFigures('found', { organizationId, providerId, range: '$range' });
    const { data, errors } = await ask(identity, `query ($range: DateRangeInput!) { ${selection} }`, { range });
    const missing = Object.values<any>(data.found[0]).flatMap(({ sources }) =>
      sources.filter(
        ({ state, code }: any) => state === 'MISSING' && !['NOT_VERIFIED', 'ACCOUNT_CLOSED'].includes(code),
      ),
    );
    const failures = missing.map(({ code, retryAfter }: any) => ({ extensions: { code, retryAfter } }));
    const connection = await ask(identity, 'query ($id: ID!) { connection(id: $id) { status reason } }', { id });
    return { ...connection, errors: [...errors, ...failures] as any[] };
  }

  const askFigures = (identity: ReturnType<typeof someone>, providerId: string, id: string, ask = stage.ask) =>
    organizationFieldOf(providerId)
      ? askOfOrganization(identity, providerId, id, ask)
      : ask(identity, figuresOf(providerId), { id, ...(providerId !== 'business-profile' && { range }) });

  it.each(faultyProviders.map((one) => ({ ...one, name: `${one.fault} at ${one.providerId}` })))(
    'knows $name',
    async ({ providerId, environment, isNotConfigured = false, isChecked, status, code, break: bringAbout }) => {
      const nora = someone();
      const { id } = await stage.connect(nora, providerId);
      const isElsewhere = environment || isNotConfigured;
      const { ask } = isElsewhere ? await stage.reopen(environment?.(stage) ?? {}, isNotConfigured) : stage;
      await bringAbout(stage);
      let waitSeconds = 0;
      if (isChecked) await ask(nora, CHECK, { id });
      else {
        const { data, errors } = await askFigures(nora, providerId, id, ask);
        if (code === 'QUOTA_EXHAUSTED') {
          waitSeconds = Math.max(...errors.map(({ extensions }) => Number(extensions?.retryAfter)));
        }
        // The very answer that lacks the figures says why.
        expect(data.connection.status).toBe(status);
      }
      const seen = await look(nora, id);
      expect([seen.status, seen.fault?.code ?? null]).toEqual([status, code]);
      expect(seen.reason).toBe(seen.fault?.message ?? null);
      expect(seen.fault?.remedy).toBe(code ? remedyOf(code) : undefined);
      expect(seen.reconnectUrl !== null).toBe(status === 'RECONNECT_REQUIRED');
      if (status !== 'FAILING') return;
      // Once it is over, the next answer says so.
      await stage.simulated.forgetFaults();
      stage.clock.advanceSeconds(waitSeconds);
      const recovered = await askFigures(nora, providerId, id);
      expect(recovered.errors).toEqual([]);
      expect(recovered.data.connection).toMatchObject({ status: 'ACTIVE', reason: null });
      expect(await look(nora, id)).toMatchObject({ status: 'ACTIVE', reason: null, fault: null });
    },
  );

  it('names the one account that cannot be read, and no other', async () => {
    const nora = someone();
    const connection = await stage.connect(nora, 'google-analytics');
    const [account] = connection.accounts;
    await stage.simulated.breakNext({
      provider: 'google-analytics',
      kind: 'status',
      status: 403,
      match: account.externalId,
      times: 9,
    });
    await askFigures(nora, 'google-analytics', connection.id);
    const seen = await look(nora, connection.id);
    expect(seen).toMatchObject({ status: 'ACTIVE', fault: { code: 'ACCESS_DENIED', account: { id: account.id } } });
    expect(seen.reason).toContain(account.name);
    expect(seen.accounts.filter(({ fault }: any) => fault).map(({ id }: any) => id)).toEqual([account.id]);
  });

  it('records the same fault once', async () => {
    const nora = someone();
    const { id } = await stage.connect(nora, 'meta-ads');
    const changes = async () => {
      const [row] = await stage.services.operations.query<[{ xmin: string }]>(
        'SELECT xmin::text FROM integrations.connection WHERE id = $1',
        [id],
      );
      return row.xmin;
    };
    await stage.simulated.breakNext({ provider: 'meta', kind: 'status', status: 503, times: 999 });
    await askFigures(nora, 'meta-ads', id);
    const first = await changes();
    const { since } = (await look(nora, id)).fault;
    stage.clock.advanceSeconds(60);
    await Promise.all(Array.from({ length: 10 }, () => askFigures(nora, 'meta-ads', id)));
    expect(await changes()).toBe(first);
    expect((await look(nora, id)).fault.since).toBe(since);
  });

  it('checks a connection on demand, and syncs its accounts', async () => {
    const nora = someone();
    const { id, accounts } = await stage.connect(nora, 'search-console');
    const [gone] = accounts;
    const before = (await look(nora, id)).lastSyncAt;
    stage.clock.advanceSeconds(60);
    await stage.simulated.breakNext({
      provider: 'search-console',
      kind: 'status',
      status: 200,
      body: { siteEntry: [{ siteUrl: 'sc-domain:new.example', permissionLevel: 'siteOwner' }] },
    });
    const { data, errors } = await stage.ask(nora, CHECK, { id });
    expect(errors).toEqual([]);
    const checked = data.checkConnection.connection;
    expect(checked).toMatchObject({ status: 'ACTIVE', accounts: [{ name: 'new.example' }] });
    expect(Date.parse(checked.lastSyncAt)).toBeGreaterThan(Date.parse(before));
    // A vanished account can still be loaded by id, with the reason.
    const old = await stage.ask(nora, 'query ($id: ID!) { account(id: $id) { fault { code } } }', { id: gone.id });
    expect(old.data.account.fault.code).toBe('ACCESS_DENIED');
    // It comes back with the next check.
    await stage.ask(nora, CHECK, { id });
    expect((await look(nora, id)).accounts.map((one: any) => one.id).sort()).toEqual(
      accounts.map((one: any) => one.id).sort(),
    );
  });

  it('syncs every connection about once a day, and failing ones hourly', async () => {
    const nora = someone();
    const fine = await stage.connect(nora, 'google-analytics');
    const due = async () => {
      const added: string[] = [];
      const { enqueue } = stage.services.jobs;
      stage.services.jobs.enqueue = async (_name, { key }) => void added.push(key);
      try {
        await jobOf(stage.subgraph, 'integrations.sync-connections')();
      } finally {
        stage.services.jobs.enqueue = enqueue;
      }
      return added;
    };
    expect(await due()).not.toContain(fine.id);
    stage.clock.advanceSeconds(24 * 3600);
    expect(await due()).toContain(fine.id);
    const data = { connectionId: fine.id, organizationId: nora.organizationId };
    await jobOf(stage.subgraph, 'integrations.sync-connection')(data);
    expect(await due()).not.toContain(fine.id);
    await stage.simulated.breakNext({ provider: 'google-analytics', kind: 'status', status: 503, times: 99 });
    await jobOf(stage.subgraph, 'integrations.sync-connection')(data);
    expect((await look(nora, fine.id)).fault.code).toBe('PROVIDER_ERROR');
    expect(await due()).toContain(fine.id);
  });

  it('counts connections by state, again only after a change in the organization', async () => {
    const HEALTH =
      '{ organization: _entities(representations: [{ __typename: "Organization", id: "ID" }]) { ... on Organization { connectionHealth { total active failing reconnectRequired accounts failingAccounts countedAt } } } }';
    const health = async (who: ReturnType<typeof someone>) => {
      const service = { ...who, kind: 'service' as const };
      const { data, errors } = await stage.ask(service, HEALTH.replace('ID', who.organizationId as string));
      if (!data) throw new Error(JSON.stringify(errors));
      return data.organization[0].connectionHealth;
    };
    const [nora, emil] = [someone(), someone()];
    const { id, accounts } = await stage.connect(nora, 'meta-ads');
    const first = await health(nora);
    expect(first).toMatchObject({ total: 1, active: 1, failing: 0, reconnectRequired: 0, accounts: accounts.length });
    stage.clock.advanceSeconds(60);
    await stage.connect(emil, 'x');
    expect(await health(nora)).toEqual(first);
    await stage.simulated.breakNext({ provider: 'meta', kind: 'status', status: 503, times: 99 });
    await askFigures(nora, 'meta-ads', id);
    expect(await health(nora)).toMatchObject({ active: 0, failing: 1 });
    await stage.simulated.forgetFaults();
    stage.clock.advanceSeconds(301);
    expect((await health(emil)).total).toBe(1);
  });

  it('counts and lists the accounts that have a fault, each with its own', async () => {
    const nora = someone();
    for (const providerId of ['google-ads', 'search-console']) await stage.connect(nora, providerId);
    const OVERVIEW = /* GraphQL */ `
      query ($id: ID!) {
        _entities(representations: [{ __typename: "Organization", id: $id }]) {
          ... on Organization {
            connectionHealth { failing accounts failingAccounts }
            all: accounts { id fault { code } }
            failing: accounts(hasFault: true) { id name provider { id } status fault { code message remedy } }
            fine: accounts(hasFault: false) { id }
          }
        }
      }
    `;
    const look = async () => (await stage.ask(nora, OVERVIEW, { id: nora.organizationId })).data._entities[0];
    const idsOf = (some: { id: string }[]) => some.map(({ id }) => id);
    const seen = await look();
    expect(seen.connectionHealth).toEqual({ failing: 0, accounts: seen.all.length, failingAccounts: 2 });
    expect(idsOf(seen.failing)).toEqual(idsOf(seen.all.filter(({ fault }: any) => fault)));
    expect(idsOf(seen.fine)).toEqual(idsOf(seen.all.filter(({ fault }: any) => !fault)));
    const faultAt = (providerId: string) => seen.failing.find(({ provider }: any) => provider.id === providerId);
    expect(faultAt('google-ads').fault.code).toBe('ACCOUNT_CLOSED');
    const site = faultAt('search-console');
    expect(site).toMatchObject({ status: 'INACTIVE', fault: { code: 'NOT_VERIFIED', remedy: 'FIX_AT_PROVIDER' } });
    expect(site.fault.message).toContain('not verified at Search Console');
    const { organizationId } = nora;
    const given = { organizationId, providerId: 'search-console', range: '{ start: "2026-09-01", end: "2026-09-07" }' };
    const searches = await stage.ask(nora, `{ ${organizationFigures('found', { ...given, accountId: site.id })} }`);
    expect(searches.errors).toEqual([]);
    const [source] = searches.data.found[0].searchQueries.sources;
    expect(source).toMatchObject({ state: 'MISSING', code: 'NOT_VERIFIED', reportedThrough: null });
    expect(searches.data.found[0].searchQueries.edges).toEqual([]);
  });
});
