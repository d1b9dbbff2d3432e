import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SubgraphResponse } from '#kit/executor.js';
import type { Manifest } from '#reporting/dataset/dataset.js';
import { column, memoryDataset, type SectionOf } from '#reporting/testing/memory-dataset.js';
import { member, openTestReporting, type TestReporting } from '#reporting/testing/open-test-reporting.js';
import { storeDataset } from '#reporting/testing/store-dataset.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';

const PASSWORD = 'correct horse battery';

const CREATE = /* GraphQL */ `
  mutation ($id: ID!, $days: Int, $expiresAt: DateTime, $password: String, $formats: [ReportFormat!]) {
    createReportShare(reportId: $id, days: $days, expiresAt: $expiresAt, password: $password, formats: $formats) {
      url share { id isActive formats hasPassword viewCount lastViewedAt createdBy { id } expiresAt revokedAt report { id } }
    }
  }
`;
const SHARE = /* GraphQL */ `
  query ($r: [_Any!]!) { _entities(representations: $r) { ... on ReportShare { id isActive viewCount lastViewedAt createdBy { id } } } }
`;
const VIEW = /* GraphQL */ `
  mutation ($token: String!, $access: String, $isCounted: Boolean! = true) {
    viewSharedReport(token: $token, access: $access, isCounted: $isCounted, acceptLanguage: "de-AT,en;q=0.5") {
      state language direction title style body
    }
  }
`;
const UNLOCK = /* GraphQL */ `
  mutation ($token: String!, $password: String!) {
    unlockSharedReport(token: $token, password: $password, acceptLanguage: "de") { access retryAfter page { state body } }
  }
`;
const OPEN =
  'query ($token: String!, $access: String) { sharedReport(token: $token, access: $access) { reportId formats logo } }';
const REVOKE = 'mutation ($id: ID!) { revokeReportShare(shareId: $id) { share { revokedAt isActive } } }';
const LIST = /* GraphQL */ `
  query ($r: [_Any!]!, $first: Int! = 20, $after: String) {
    _entities(representations: $r) {
      ... on Organization { reportShares(first: $first, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }
      ... on Report { shares { id } }
    }
  }
`;

let reporting: TestReporting;
beforeAll(async () => {
  reporting = await openTestReporting();
});
afterAll(() => reporting.close());

const gateway = (address: string): Identity => ({
  ...anonymous('test'),
  kind: 'service',
  client: { address, userAgent: 'browser' },
});
const codeOf = ({ errors }: SubgraphResponse) => errors?.[0]?.extensions?.code;

async function dataOf(answer: Promise<SubgraphResponse>): Promise<any> {
  const { data, errors } = await answer;
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data));
}

/** Stores a report that is READY. */
async function readyReport(
  identity: Identity,
  {
    clientIds = [],
    sections = [],
    ...manifest
  }: { clientIds?: string[]; sections?: SectionOf[] } & Partial<Omit<Manifest, 'sections'>> = {},
): Promise<string> {
  const { generateReport } = await dataOf(reporting.order(identity, { clientIds }));
  const { id } = generateReport.report;
  await reporting.database.query(
    "UPDATE reporting.report SET status = 'READY', attempts = 1, progress = 100, row_count = 0, finished_at = now() WHERE id = $1",
    [id],
  );
  const database = reporting.services.databases.get('reporting')!;
  const context = { services: reporting.services, database, identity };
  await storeDataset(context, { report: { id, attempts: 1 }, dataset: memoryDataset(sections, manifest) });
  return id;
}

async function share(identity: Identity, variables: Record<string, unknown>) {
  const { createReportShare } = await dataOf(reporting.ask(CREATE, identity, variables));
  return {
    ...createReportShare.share,
    token: createReportShare.url.split('/').at(-1) as string,
    url: createReportShare.url,
  };
}

const view = async (token: string, more: Record<string, unknown> = {}, address = '192.0.2.1') =>
  (await dataOf(reporting.ask(VIEW, gateway(address), { token, ...more }))).viewSharedReport;
const unlock = async (token: string, password: string, address = '192.0.2.1') =>
  (await dataOf(reporting.ask(UNLOCK, gateway(address), { token, password }))).unlockSharedReport;
const auditOf = async (id: string) => {
  const { rows } = await reporting.database.query(
    'SELECT action, actor_kind AS kind, actor_id AS actor FROM operations.audit_event WHERE target_id = $1 ORDER BY sequence',
    [id],
  );
  return rows;
};

describe('a share link', () => {
  let analyst: Identity;
  let reportId: string;
  beforeEach(async () => {
    analyst = member();
    reportId = await readyReport(analyst, { title: 'Autumn' });
  });

  it('stores only the hash of its token, opens its report, and counts and records views', async () => {
    const made = await share(analyst, { id: reportId });
    expect(made.url).toMatch(/\/shared\/[\w-]{43}$/);
    expect(made).toMatchObject({ isActive: true, formats: ['PDF', 'XLSX', 'CSV'], hasPassword: false, viewCount: 0 });
    expect(Date.parse(made.expiresAt) - reporting.clock.now.getTime()).toBe(30 * 86_400_000);
    const { rows } = await reporting.database.query('SELECT * FROM reporting.report_share WHERE id = $1', [made.id]);
    expect(JSON.stringify(rows)).not.toContain(made.token);
    expect(await view(made.token)).toMatchObject({ state: 'OPEN', title: 'Autumn', language: 'en', direction: 'ltr' });
    await Promise.all(Array.from({ length: 8 }, () => view(made.token)));
    await view(made.token, { isCounted: false });
    const of = { r: [{ __typename: 'ReportShare', id: made.id }] };
    const { _entities } = await dataOf(reporting.ask(SHARE, analyst, of));
    expect(_entities).toMatchObject([{ viewCount: 9, isActive: true, createdBy: { id: analyst.userId } }]);
    expect(await auditOf(made.id)).toEqual([
      { action: 'report-share.created', kind: 'user', actor: analyst.userId },
      { action: 'report-share.viewed', kind: 'share', actor: made.id },
    ]);
  });

  it('shows the same page when it never existed, has expired, was revoked, or its report is gone', async () => {
    const [expired, revoked, deleted] = await Promise.all([
      share(analyst, { id: reportId, days: 1 }),
      share(analyst, { id: reportId, days: 365 }),
      share(analyst, { id: await readyReport(analyst), days: 365, password: PASSWORD }),
    ]);
    expect((await view(expired.token)).state).toBe('OPEN');
    const { revokeReportShare } = await dataOf(reporting.ask(REVOKE, analyst, { id: revoked.id }));
    expect(revokeReportShare.share).toEqual({ revokedAt: reporting.clock.now.toISOString(), isActive: false });
    expect((await dataOf(reporting.ask(REVOKE, analyst, { id: revoked.id }))).revokeReportShare).toEqual(
      revokeReportShare,
    );
    await reporting.database.query('DELETE FROM reporting.report WHERE id = $1', [deleted.report.id]);
    reporting.advance(86_400);
    const closed = await view('x'.repeat(43));
    expect(closed).toMatchObject({ state: 'CLOSED', language: 'de' });
    for (const { token } of [expired, revoked, deleted]) {
      expect(await view(token)).toEqual(closed);
      expect(await unlock(token, PASSWORD)).toEqual({
        access: null,
        retryAfter: null,
        page: { state: 'CLOSED', body: closed.body },
      });
      expect(await dataOf(reporting.ask(OPEN, gateway('192.0.2.1'), { token }))).toEqual({ sharedReport: null });
    }
  });

  it('asks for its password, five times in a quarter of an hour from an address, also in parallel', async () => {
    const made = await share(analyst, { id: reportId, password: PASSWORD, formats: ['CSV'] });
    const other = await share(analyst, { id: reportId, password: PASSWORD });
    const { state, body, title } = await view(made.token);
    expect(state).toBe('LOCKED');
    expect(`${body}${title}`).not.toContain('Autumn');
    expect(await dataOf(reporting.ask(OPEN, gateway('192.0.2.1'), { token: made.token }))).toEqual({
      sharedReport: null,
    });
    const guesses = await Promise.all(
      Array.from({ length: 9 }, (_, index) => unlock(made.token, `guess number ${index}`)),
    );
    expect(guesses.filter(({ access }) => access)).toEqual([]);
    expect(guesses.filter(({ retryAfter }) => retryAfter !== null)).toHaveLength(4);
    expect((await unlock(made.token, PASSWORD)).retryAfter).toBeGreaterThan(0);
    const { access } = await unlock(made.token, PASSWORD, '198.51.100.7');
    expect((await view(made.token, { access })).state).toBe('OPEN');
    expect((await view(other.token, { access })).state).toBe('LOCKED');
    expect((await view(made.token, { access: `${access}x` })).state).toBe('LOCKED');
    const opened = await dataOf(reporting.ask(OPEN, gateway('192.0.2.1'), { token: made.token, access }));
    expect(opened.sharedReport).toEqual({ reportId, formats: ['CSV'], logo: null });
    expect((await auditOf(made.id)).filter(({ action }) => action === 'report-share.refused')).toHaveLength(5);
    for (let address = 0; address < 30; address += 1)
      await unlock(made.token, 'wrong password', `198.51.101.${address}`);
    expect((await unlock(made.token, PASSWORD, '203.0.113.1')).retryAfter).toBeGreaterThan(0);
    expect((await unlock(other.token, PASSWORD, '203.0.113.1')).access).not.toBeNull();
  });

  it('escapes every text, whatever is in it', async () => {
    const evil = `</script><script>alert(1)</script>"'><img src=x onerror=alert(1)>\u202Egnp`;
    const columns = [column(evil, 'TEXT'), column('campaign', 'TEXT'), column('cost', 'DECIMAL')];
    const rows = [
      [evil, 'x'.repeat(10_000), '1'],
      [evil, 'حملة 品牌 🚀', null],
    ];
    const charts = [
      { type: 'BAR', value: 'cost', by: evil, series: 'campaign', top: 5 },
      { type: 'DONUT', value: 'cost', by: 'campaign', series: null, top: 5 },
      { type: 'LINE', value: 'cost', by: 'campaign', series: evil, top: 5 },
    ] as const;
    const sources = [
      {
        accountId: 'a',
        account: evil,
        provider: evil,
        state: 'MISSING',
        reportedThrough: null,
        fetchedAt: null,
        code: null,
        message: evil,
      },
    ];
    const texts = {
      title: evil,
      organization: evil,
      clients: [evil],
      summary: { wordedBy: 'MODEL' as const, model: evil, sentences: [evil] },
    };
    const id = await readyReport(analyst, {
      ...texts,
      timeZone: 'Europe/Berlin',
      conversion: { currency: evil, source: evil, sourceUrl: `javascript:${evil}`, rates: [] },
      sections: [
        { id: 'one', columns, rows, charts: [...charts], title: evil, sources, totals: [[null, null, '1']] },
        { id: 'text', kind: 'TEXT', columns: [], rows: [], text: evil },
      ],
    });
    await reporting.database.query(
      'INSERT INTO reporting.branding (organization_id, name, footer, version, updated_at) VALUES ($1, $2, $2, 1, now())',
      [analyst.organizationId, evil],
    );
    const { token } = await share(analyst, { id });
    const { body, style } = await view(token);
    expect(body).toContain('حملة 品牌 🚀');
    const tags = [...body.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name?.toLowerCase());
    const known =
      'div a header p span h1 h2 h3 dl dt dd nav ul li bdi main section figure figcaption svg rect text line path circle table thead tbody tfoot tr th td footer img';
    expect([...new Set(tags)].filter((name) => !known.split(' ').includes(name ?? ''))).toEqual([]);
    expect(body).not.toContain('\u202e');
    const attributes = [...body.replaceAll(/"[^"]*"/g, '').matchAll(/<[a-z][^>]*>/gi)].join(' ');
    expect(attributes).not.toMatch(/\s(?:on\w+|style|src)\b/);
    expect([...body.matchAll(/href="([^"]*)"/g)].map(([, href]) => href?.replace(token, 'T'))).toEqual([
      ...['#report', '/shared/T/report.pdf', '/shared/T/report.xlsx', '/shared/T/report.csv'],
    ]);
    expect(body.length).toBeLessThan(40_000);
    expect(style).not.toContain('<');
  });

  it('is refused with what it cannot be', async () => {
    const codes = await Promise.all(
      [
        { days: 0 },
        { days: 366 },
        { days: 1, expiresAt: '2026-12-01T00:00:00Z' },
        { expiresAt: '2026-11-01T00:00:00Z' },
        { expiresAt: '2028-01-01T00:00:00Z' },
        { password: 'short' },
        { password: 'x'.repeat(129) },
      ].map(async (more) => codeOf(await reporting.ask(CREATE, analyst, { id: reportId, ...more }))),
    );
    expect(codes).toEqual(codes.map(() => 'BAD_USER_INPUT'));
    const { generateReport } = await dataOf(reporting.order(analyst));
    expect(codeOf(await reporting.ask(CREATE, analyst, { id: generateReport.report.id }))).toBe('CONFLICT');
    expect(codeOf(await reporting.ask(CREATE, member(), { id: reportId }))).toBe('NOT_FOUND');
    expect(codeOf(await reporting.ask(CREATE, { ...analyst, role: 'VIEWER' }, { id: reportId }))).toBe('FORBIDDEN');
    expect((await share(analyst, { id: reportId, formats: [] })).formats).toEqual([]);
  });

  it('is seen by those who see its report only', async () => {
    const [client, otherClient] = [randomUUID(), randomUUID()];
    const ids = [
      await readyReport(analyst, { clientIds: [client] }),
      await readyReport(analyst, { clientIds: [otherClient] }),
    ];
    const [own, other] = await Promise.all(ids.map((id) => share(analyst, { id })));
    const everything = await share(analyst, { id: reportId });
    const limited: Identity = { ...analyst, userId: randomUUID(), role: 'VIEWER', clientIds: [client] };
    const organization = { __typename: 'Organization', id: analyst.organizationId };
    const list = async (identity: Identity, page = {}) => {
      const { _entities } = await dataOf(reporting.ask(LIST, identity, { r: [organization], ...page }));
      return _entities[0].reportShares;
    };
    expect((await list(limited)).edges).toEqual([{ node: { id: own.id } }]);
    expect((await list(analyst)).edges).toHaveLength(3);
    const first = await list(analyst, { first: 2 });
    const rest = await list(analyst, { first: 2, after: first.pageInfo.endCursor });
    const listed = [...first.edges, ...rest.edges].map(({ node }) => node.id);
    expect(listed.sort()).toEqual([own.id, other.id, everything.id].sort());
    for (const identity of [limited, member()]) {
      const of = { r: [{ __typename: 'ReportShare', id: other.id }] };
      expect((await dataOf(reporting.ask(SHARE, identity, of)))._entities).toEqual([null]);
    }
    expect(codeOf(await reporting.ask(REVOKE, member(), { id: own.id }))).toBe('NOT_FOUND');
    const bearer: Identity = {
      ...anonymous('test'),
      kind: 'share',
      organizationId: analyst.organizationId,
      share: { shareId: own.id, reportId: ids[0]! },
    };
    for (const query of [SHARE, LIST]) {
      const answer = await reporting.ask(query, bearer, { r: [{ __typename: 'Report', id: ids[0] }] });
      expect(codeOf(answer)).toBe('FORBIDDEN');
    }
    for (const query of [VIEW, OPEN]) {
      for (const identity of [bearer, analyst]) {
        expect(codeOf(await reporting.ask(query, identity, { token: own.token }))).toBe('FORBIDDEN');
      }
    }
  });
});
