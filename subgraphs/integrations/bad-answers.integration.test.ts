import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { copiedMetrics } from './services/history/kinds/analytics.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';
import { organizationFigures } from './testing/organization-figures.js';
import type { Fault } from './testing/simulated-providers.js';

// What providers answer when something is wrong with them, and what people ask for when something is wrong with that.

const RANGE = '{ start: "2026-09-01", end: "2026-09-07" }';
/** The figures of the provider are read of the whole organization. */
const OF_ORGANIZATION = '';
const LARGE = '99999999999999999999';
const campaigns = `campaigns(range: ${RANGE}) { totalCount }`;

interface Tried {
  providerId: string;
  api: Fault['provider'];
  /** The selected fields of an account. */
  fields: string;
  /** Which calls are about the account with this id at the provider; absent = all of a call fail together. */
  match?: (externalId: string) => string;
  /** Malformed answers with status 200, by their defect. */
  nonsense: Record<string, unknown>;
  /** A readable row and one that is not, which is named. */
  strange: { body: unknown; unreadable: { row: string; field: string } };
}

const UNREADABLE = 'unreadable { row field account { id } }';

const adsMetrics = { impressions: '1', clicks: '1', costMicros: '1', conversions: 1, conversionsValue: 1_500_000_000 };
const searchRow = { clicks: 1, impressions: 1, ctr: 1, position: 1 };
const post = { text: '', created_at: '2026-09-01T00:00:00Z' };

const providers: Tried[] = [
  {
    providerId: 'google-ads',
    api: 'google-ads',
    fields: campaigns,
    match: (id) => `customers/${id}/`,
    strange: {
      body: [
        {
          results: [
            { campaign: { id: '1', name: 'One', status: 'UNKNOWN' }, metrics: adsMetrics },
            { campaign: { id: '2', name: 'Two', status: 'ENABLED' }, metrics: { ...adsMetrics, clicks: LARGE } },
          ],
        },
      ],
      unreadable: { row: '2', field: 'metrics.clicks' },
    },
    nonsense: {
      'missing fields': [{ results: [{ campaign: { id: '1' } }] }],
      'wrong types': [{ results: [{ campaign: { id: 1, name: 7, status: 'ENABLED' }, metrics: [] }] }],
      'absurdly large numbers': [
        {
          results: [
            {
              campaign: { id: '1', name: 'One', status: 'ENABLED' },
              metrics: { impressions: LARGE, clicks: '1', costMicros: '1', conversions: 1, conversionsValue: 1 },
            },
          ],
        },
      ],
    },
  },
  {
    providerId: 'meta-ads',
    api: 'meta',
    fields: campaigns,
    match: (id) => `act_${id}/campaigns`,
    strange: {
      body: {
        data: [
          { id: '1', name: 'One', status: 'DREAMING', effective_status: 'DREAMING' },
          { id: '2', name: 7, status: 'ACTIVE', effective_status: 'ACTIVE' },
        ],
      },
      unreadable: { row: '2', field: 'name' },
    },
    nonsense: {
      'missing fields': { data: [{ id: '1' }] },
      'wrong types': { data: { id: '1' } },
      'absurdly large numbers': { data: [{ id: 1e300, name: 'One', status: 'ACTIVE', effective_status: 'ACTIVE' }] },
      'endless pages': { data: [], paging: { cursors: { after: 'again' }, next: 'https://graph.facebook.com/' } },
    },
  },
  {
    providerId: 'linkedin-ads',
    api: 'linkedin',
    fields: campaigns,
    match: (id) => `adAccounts/${id}/`,
    strange: {
      body: {
        elements: [
          { id: 1, name: 'One', status: 'DREAMING' },
          { id: 2, name: 7, status: 'ACTIVE' },
        ],
      },
      unreadable: { row: '2', field: 'name' },
    },
    nonsense: {
      'missing fields': { elements: [{ id: 1 }] },
      'wrong types': { elements: 'none' },
      'absurdly large numbers': { elements: [{ id: 1e300, name: 'One', status: 'ACTIVE' }] },
      'endless pages': { elements: [], metadata: { nextPageToken: 'again' } },
    },
  },
  {
    providerId: 'google-analytics',
    api: 'google-analytics',
    fields: OF_ORGANIZATION,
    match: (id) => `properties/${id}:`,
    strange: {
      body: {
        metricHeaders: copiedMetrics.map((name) => ({ name })),
        rows: [
          { dimensionValues: [{ value: 'view' }], metricValues: copiedMetrics.map(() => ({ value: '2.5E12' })) },
          { dimensionValues: [{ value: 'buy' }], metricValues: copiedMetrics.map(() => ({ value: 'NaN' })) },
        ],
        rowCount: 2,
        metadata: { currencyCode: 'VND' },
      },
      unreadable: { row: 'buy', field: 'metricValues.0.value' },
    },
    nonsense: {
      'missing fields': { metricHeaders: [] },
      'wrong types': { rows: 7 },
      'absurdly large numbers': { rowCount: 1e300 },
    },
  },
  {
    providerId: 'search-console',
    api: 'search-console',
    fields: OF_ORGANIZATION,
    match: (id) => `sites/${encodeURIComponent(id)}/`,
    strange: {
      body: {
        rows: [
          { keys: ['tent'], ...searchRow },
          { keys: ['boots'], ...searchRow, clicks: 1.5 },
        ],
      },
      unreadable: { row: 'boots', field: 'clicks' },
    },
    nonsense: {
      'missing fields': { rows: [{ keys: ['tent'] }] },
      'wrong types': { rows: [{ keys: 'tent', clicks: '7', impressions: 1, ctr: 1, position: 1 }] },
      'absurdly large numbers': { rows: [{ keys: ['tent'], clicks: 1e300, impressions: 1, ctr: 1, position: 1 }] },
    },
  },
  {
    providerId: 'business-profile',
    api: 'business-profile',
    fields: 'locations { edges { node { name } } }',
    match: (id) => `accounts/${id}/`,
    strange: {
      body: {
        locations: [
          { name: 'locations/1', title: 'One' },
          { name: 'locations/2', title: 7 },
        ],
      },
      unreadable: { row: '2', field: 'title' },
    },
    nonsense: {
      'missing fields': { locations: [{ title: 'Nowhere' }] },
      'wrong types': { locations: {} },
      'absurdly large numbers': { locations: [{ name: 1e300 }] },
      'endless pages': { locations: [], nextPageToken: 'again' },
    },
  },
  {
    providerId: 'x',
    api: 'x',
    fields: OF_ORGANIZATION,

    strange: {
      body: {
        data: [
          { id: '1', ...post },
          { id: '2', ...post, public_metrics: { like_count: -1 } },
        ],
        meta: {},
      },
      unreadable: { row: '2', field: 'public_metrics.like_count' },
    },
    nonsense: {
      'missing fields': { data: [{ id: '1' }], meta: {} },
      'wrong types': { data: 'none', meta: {} },
      'absurdly large numbers': {
        data: [{ id: '1', text: '', created_at: '2026-09-01T00:00:00Z', public_metrics: { like_count: 1e300 } }],
        meta: {},
      },
      'endless pages': { data: [], meta: { next_token: 'again' } },
    },
  },
];

const compressed = { headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' } };

/** What goes wrong with a whole answer. Inside a batch there is nothing to cut: see `nonsense`. */
const damages: Record<string, Omit<Fault, 'provider'>> = {
  'an answer cut off': { kind: 'truncate' },
  'half a JSON text': { kind: 'garbage' },
  'a web page': { kind: 'html', status: 200 },
  'a web page of an error': { kind: 'html', status: 502 },
  'text instead of JSON': { kind: 'status', status: 200, body: 'OK', headers: { 'content-type': 'text/plain' } },
  'what is not gzip': { kind: 'status', status: 200, body: '\u001f not gzip', ...compressed },
  nothing: { kind: 'status', status: 200, body: '' },
  'a bare number': { kind: 'status', status: 200, body: 7 },
  'a bare null': { kind: 'status', status: 200, body: null },
};

const OFTEN = 12;

describe('a malformed provider answer', () => {
  const vera = someone();
  let stage: Stage;
  let ask: Stage['ask'];
  const accounts = new Map<string, { id: string; externalId: string }[]>();

  beforeAll(async () => {
    stage = await openStage();
    // ReportedLimit apart by what is answered, not by how long it takes on a busy machine.
    ({ ask } = await stage.reopen({ PROVIDER_TIMEOUT_MS: '60000' }));
    for (const { providerId } of providers) {
      accounts.set(providerId, (await stage.connect(vera, providerId, { person: 'vera' })).accounts);
    }
  });
  beforeEach(async () => {
    await stage.forgetAnswers();
    await stage.simulated.forgetFaults();
    // An account that failed is given time to be tried again.
    stage.clock.advanceSeconds(3_600);
  });
  afterAll(() => stage.close());

  const accountOf = (providerId: string, index: number) =>
    accounts.get(providerId)?.[index] as { id: string; externalId: string };

  const selectionOf = (name: string, id: string, { providerId, fields }: Pick<Tried, 'providerId' | 'fields'>) =>
    fields === OF_ORGANIZATION
      ? organizationFigures(name, { organizationId: vera.organizationId, providerId, range: RANGE, accountId: id })
      : `${name}: account(id: "${id}") { ${fields} }`;

  /** The sources of an organization's figures that cannot be read. */
  const missingIn = (found: any): any[] =>
    Array.isArray(found)
      ? Object.values<any>(found[0]).flatMap(({ sources }) => sources.filter(({ state }: any) => state === 'MISSING'))
      : [];

  /** Asks one account of a provider that answers nonsense, its neighbour, and one of another provider. */
  async function askThree({ providerId, fields }: Tried) {
    const other = providers.find((one) => one.providerId !== providerId) as Tried;
    const selections: [string, string, Pick<Tried, 'providerId' | 'fields'>][] = [
      ['broken', accountOf(providerId, 0).id, { providerId, fields }],
      ...(accountOf(providerId, 1)
        ? [['beside', accountOf(providerId, 1).id, { providerId, fields }] as (typeof selections)[number]]
        : []),
      ['elsewhere', accountOf(other.providerId, 0).id, other],
    ];
    const query = selections.map(([name, id, tried]) => selectionOf(name, id, tried)).join(' ');
    const { data, errors } = await ask(vera, `{ ${query} }`);
    const sources = Object.entries<any>(data).flatMap(([name, found]) =>
      missingIn(found).map(({ code, message }: any) => ({ name, code, message })),
    );
    const failures = [
      ...errors.map(({ path, extensions, message }) => ({ name: path[0], code: extensions.code, message })),
      ...sources,
    ];
    const failed = new Set<string>(failures.map(({ name }) => name));
    const answered = Object.keys(data).filter(
      (name) => !sources.some((one) => one.name === name) && Object.values([data[name]].flat()[0])[0] !== null,
    );
    const codes = [...new Set<string>(failures.map(({ code }) => code))];
    return { failed: [...failed], codes, answered, messages: failures.map(({ message }) => message) };
  }

  const rows = providers.flatMap((tried) => [
    ...Object.entries(tried.nonsense).map(([what, body]) => ({
      what,
      providerId: tried.providerId,
      tried,
      fault: { kind: 'status', status: 200, body } as Omit<Fault, 'provider'>,
    })),
    ...Object.entries(damages).map(([what, fault]) => ({ what, providerId: tried.providerId, tried, fault })),
  ]);

  it.each(rows)('is $what of $providerId, and is said so while the others answer', async ({ tried, fault }) => {
    const { providerId, api, match } = tried;
    const isOfOne = match && (api !== 'meta' || 'body' in fault);
    const target = isOfOne ? { match: match(accountOf(providerId, 0).externalId) } : {};
    await stage.simulated.breakNext({ ...fault, provider: api, times: OFTEN, ...target });
    const { failed, codes, answered, messages } = await askThree(tried);
    expect(failed).toContain('broken');
    expect(codes).toEqual(['PROVIDER_UNAVAILABLE']);
    expect(answered).toContain('elsewhere');
    if (isOfOne && accountOf(providerId, 1)) expect(answered).toEqual(['beside', 'elsewhere']);
    for (const message of messages) expect(message).not.toMatch(/https?:|stack|zod/i);
  });

  it.each(providers.filter(({ match }) => match))(
    'is an account of $providerId that is gone since it was listed: the others answer',
    async (tried) => {
      const { providerId, api, match } = tried;
      const status = api === 'google-ads' || api === 'meta' ? 403 : 404;
      const path = match?.(accountOf(providerId, 0).externalId) ?? '';
      await stage.simulated.breakNext({ provider: api, kind: 'status', status, times: OFTEN, match: path });
      const { failed, codes, answered } = await askThree(tried);
      expect(failed).toEqual(['broken']);
      expect(['FORBIDDEN', 'NOT_FOUND', 'PROVIDER_UNAVAILABLE']).toContain(codes[0]);
      expect(answered).toEqual(['beside', 'elsewhere']);
    },
  );

  it.each(providers)('with one strange row of $providerId loses that row only, and names it', async (tried) => {
    const { providerId, api, match, fields, strange } = tried;
    const { id, externalId } = accountOf(providerId, 0);
    const path = match ? { match: match(externalId) } : {};
    const times = fields === OF_ORGANIZATION ? OFTEN : 1;
    await stage.simulated.breakNext({ provider: api, kind: 'status', status: 200, body: strange.body, times, ...path });
    const named = fields
      .replace('{ edges', `{ ${UNREADABLE} edges`)
      .replace(
        '{ totalCount',
        `{ ${UNREADABLE} edges { node { externalId status providerStatus metrics(range: ${RANGE}) { conversionValue { amount } } } } totalCount`,
      );
    const { data, errors } = await ask(vera, `{ ${selectionOf('found', id, { providerId, fields: named })} }`);
    expect(errors).toEqual([]);
    const [{ unreadable, edges }] = Object.values([data.found].flat()[0]) as [any];
    expect(unreadable).toEqual([{ ...strange.unreadable, account: { id } }]);
    expect(edges.length).toBeGreaterThan(0);
    if (providerId === 'google-ads') {
      const one = { externalId: '1', status: 'OTHER', providerStatus: 'UNKNOWN' };
      expect(edges).toMatchObject([
        { node: { ...one, metrics: { conversionValue: { amount: expect.stringMatching(/^1500000000(\.0+)?$/) } } } },
      ]);
    }
    if (fields === campaigns) expect(edges.map(({ node }: any) => node.status)).toContain('OTHER');
  });

  it('names a strange row on its day, and in the error of its campaign', async () => {
    const { id, externalId } = accountOf('google-ads', 0);
    const dayRow = (campaignId: string, date: string, clicks: string) => ({
      campaign: { id: campaignId, name: `Campaign ${campaignId}`, status: 'ENABLED' },
      segments: { date },
      metrics: { ...adsMetrics, clicks },
    });
    const results = [
      dayRow('1', '2026-09-01', '5'),
      dayRow('2', '2026-09-01', LARGE),
      dayRow('1', '2026-09-03', '7'),
      dayRow('2', '2026-09-04', LARGE),
    ];
    const match = `customers/${externalId}/`;
    const answer = { provider: 'google-ads', kind: 'status', status: 200, match } as const;
    await stage.simulated.breakNext({ ...answer, body: [{ results }] });
    const days = `metricsDaily(range: ${RANGE}) { date metrics { clicks } ${UNREADABLE} }`;
    const { data, codes } = await askOne(id, days);
    expect(codes).toEqual([]);
    const left = { row: '2', field: 'metrics.clicks', account: { id } };
    expect(data.account.metricsDaily).toEqual([
      { date: '2026-09-01', metrics: { clicks: 5 }, unreadable: [left] },
      { date: '2026-09-03', metrics: { clicks: 7 }, unreadable: [] },
      { date: '2026-09-04', metrics: null, unreadable: [left] },
    ]);
    await stage.simulated.forgetFaults();
    // Listed in a range in which it can be read, its figures of another range cannot.
    await stage.forgetAnswers();
    const whole = [1, 2].map((n) => dayRow(`${n}`, '2026-08-01', '3'));
    const strange = [dayRow('1', '2026-09-01', '5'), dayRow('2', '2026-09-01', LARGE)];
    for (const rows of [whole, strange]) await stage.simulated.breakNext({ ...answer, body: [{ results: rows }] });
    const august = '{ start: "2026-08-01", end: "2026-08-07" }';
    const listed = `campaigns(range: ${august}) { edges { node { externalId metrics(range: ${RANGE}) { clicks } } } }`;
    const { data: found, errors } = await ask(vera, `{ account(id: "${id}") { ${listed} } }`);
    expect(errors.map(({ message }) => message)).toEqual([
      'Google Ads reports a value that cannot be read exactly (metrics.clicks of 2).',
    ]);
    expect(found.account.campaigns.edges.map(({ node }: any) => node.metrics)).toEqual([{ clicks: 5 }, null]);
  });

  const ranges: [string, string, string][] = [
    ['in the future', '2999-01-01', '2999-01-02'],
    ['the wrong way round', '2026-09-07', '2026-09-01'],
    ['before there was anything', '1990-01-01', '1990-01-02'],
    ['of more than a year', '2024-01-01', '2026-01-01'],
  ];

  it.each(
    providers.flatMap(({ providerId, fields }) =>
      ranges.map(([what, start, end]) => ({ providerId, fields, what, start, end })),
    ),
  )('is rejected for $providerId: days $what', async ({ providerId, fields, start, end }) => {
    if (!fields.includes(RANGE)) return;
    const wrong = fields.replace(RANGE, `{ start: "${start}", end: "${end}" }`);
    const { code, errors } = await ask(vera, `{ account(id: "${accountOf(providerId, 0).id}") { ${wrong} } }`);
    expect(code).toBe('BAD_USER_INPUT');
    expect(errors[0].extensions.details[0].argument).toBe('range');
  });

  it.each(providers)(
    'are days older than $providerId remembers, which are refused or empty',
    async ({ providerId, fields }) => {
      if (fields === OF_ORGANIZATION) return;
      const old = fields.replace(RANGE, '{ start: "2004-01-01", end: "2004-01-07" }');
      const { codes } = await askOne(accountOf(providerId, 0).id, old);
      for (const code of codes) expect(['BAD_USER_INPUT', 'PROVIDER_UNAVAILABLE']).toContain(code);
    },
  );

  async function askOne(id: string, fields: string) {
    const { data, errors } = await ask(vera, `{ account(id: "${id}") { ${fields} } }`);
    return { data, codes: errors.map(({ extensions }) => extensions.code as string) };
  }

  it.each([randomUUID(), 'nonsense', '', '0', "' OR 1=1 --", '\u0000'])('is an account with the id %j', async (id) => {
    const query = 'query ($id: ID!) { account(id: $id) { name } }';
    expect((await ask(vera, query, { id })).code).toBe('NOT_FOUND');
  });

  it('a foreign account is reported like a missing one', async () => {
    const query = 'query ($id: ID!) { account(id: $id) { name } }';
    const theirs = await ask(someone(), query, { id: accountOf('x', 0).id });
    const nobodys = await ask(someone(), query, { id: randomUUID() });
    expect([theirs.code, theirs.errors[0].message]).toEqual([nobodys.code, nobodys.errors[0].message]);
  });

  it.each(['tiktok-ads', '', '__proto__', 'constructor', 'GOOGLE-ADS'])('is a provider called %j', async (id) => {
    const authorize = 'mutation ($id: ID!) { authorizeConnection(providerId: $id) { authorizeUrl } }';
    expect((await ask(vera, authorize, { id })).code).toBe('BAD_USER_INPUT');
    const list = `query ($id: ID!, $organizationId: ID!) {
      _entities(representations: [{ __typename: "Organization", id: $organizationId }]) {
        ... on Organization { campaigns(range: ${RANGE}, providers: [$id]) { totalCount } }
      }
    }`;
    expect((await ask(vera, list, { id, organizationId: vera.organizationId })).code).toBe('BAD_USER_INPUT');
  });
});
