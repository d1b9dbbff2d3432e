import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SubgraphResponse } from '#kit/executor.js';
import type { Page } from '#kit/page.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import { REPORT_DOWNLOAD_AUDIENCE, type ReportDownloadClaims } from '#runtime/identity/token-audiences.js';
import { builtInTemplates } from './templates/built-in.js';
import { fakeAccount, fakeCampaign } from './testing/fake-graph.js';
import { member, openTestReporting, RANGE, type TestReporting } from './testing/open-test-reporting.js';

let reporting: TestReporting;

beforeAll(async () => {
  reporting = await openTestReporting();
});

afterAll(() => reporting.close());

beforeEach(() => {
  reporting.queue.jobs.length = 0;
  reporting.queue.isDown = false;
  reporting.graph.accounts = [fakeAccount('Shop')];
  reporting.graph.campaigns = ['1', '2', '3', '4', '5'].map((cost) => fakeCampaign('Shop', 'Any', cost));
});

const REPORT = /* GraphQL */ `
  query ($id: ID!, $first: Int = 100, $after: String) {
    report(id: $id) {
      id title status progress failure { code message } template { id name } range { start end }
      clients { id } createdBy { id } createdAt finishedAt rowCount downloadUrl
      sections { columns { key } }
      rows(section: "performance-2", first: $first, after: $after) { edges { node { cells } } pageInfo { hasNextPage endCursor } }
    }
  }
`;

interface Report {
  id: string;
  title: string;
  downloadUrl: string | null;
  sections: { columns: { key: string }[] }[] | null;
  rows: Page<{ cells: (string | null)[] }> | null;
}

interface Organization {
  reports: Page<{ id: string }>;
  reportTemplates: { id: string }[];
}

const ENTITIES = /* GraphQL */ `
  query ($representations: [_Any!]!, $first: Int = 20, $after: String) {
    _entities(representations: $representations) {
      ... on Organization {
        reports(first: $first, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } }
        reportTemplates { id }
      }
      ... on Report { id title }
      ... on ReportTemplate { id name }
    }
  }
`;

const errorOf = ({ errors }: SubgraphResponse) => errors?.[0];
const codeOf = (answer: SubgraphResponse) => errorOf(answer)?.extensions?.code;

function idOf({ data, errors }: SubgraphResponse): string {
  expect(errors).toBeUndefined();
  return (data as { generateReport: { report: { id: string } } }).generateReport.report.id;
}

async function readReport(id: string, identity: Identity, page = {}): Promise<Report> {
  const { data, errors } = await reporting.ask(REPORT, identity, { id, ...page });
  expect(errors).toBeUndefined();
  return data?.report as Report;
}

async function listReports(identity: Identity, page = {}): Promise<Organization['reports']> {
  const representations = [{ __typename: 'Organization', id: identity.organizationId }];
  const { data, errors } = await reporting.ask(ENTITIES, identity, { representations, ...page });
  expect(errors).toBeUndefined();
  return (data as { _entities: [Organization] })._entities[0].reports;
}

describe('templates', () => {
  const SECTIONS =
    '{ kind groupBy metrics filter { nameContains metrics { metric value atLeast } } limit charts { type value } }';
  const CREATE = `mutation ($name: String!, $definition: ReportDefinitionInput) {
    createReportTemplate(name: $name, description: "", definition: $definition) { template { id version sections ${SECTIONS} } } }`;
  const UPDATE = `mutation ($id: ID!, $version: Int!, $name: String) {
    updateReportTemplate(templateId: $id, version: $version, name: $name) { template { name version sections { kind } } } }`;
  const DELETE = 'mutation ($id: ID!) { deleteReportTemplate(templateId: $id) { templateId } }';
  const LIST = '{ reportTemplates { id name isBuiltIn } }';
  const definition = {
    sections: [
      {
        kind: 'PERFORMANCE',
        groupBy: ['CAMPAIGN'],
        metrics: ['COST'],
        filter: { nameContains: 'a', metrics: [{ metric: 'COST', atLeast: '1.5' }] },
        limit: 5,
        charts: [{ type: 'BAR', value: 'cost', by: 'campaign' }],
      },
      { kind: 'TEXT', text: 'Notes' },
    ],
  };

  it('are the same in Query and Organization, the built-in ones first', async () => {
    const identity = member();
    const { data } = await reporting.ask(LIST, identity);
    const listed = data?.reportTemplates as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(builtInTemplates.map(({ id }) => id));
    const answer = await reporting.ask(ENTITIES, identity, {
      representations: [
        { __typename: 'Organization', id: identity.organizationId },
        { __typename: 'ReportTemplate', id: 'account-summary' },
        { __typename: 'ReportTemplate', id: 'unknown\u0000' },
      ],
    });
    expect(answer.data?._entities).toMatchObject([
      { reportTemplates: listed.map(({ id }) => ({ id })) },
      { id: 'account-summary', name: 'Account summary' },
      null,
    ]);
  });

  it('of an organization are versioned, are its own, and stay with their reports when they are deleted', async () => {
    const identity = member();
    const created = await reporting.ask(CREATE, identity, { name: 'Ours', definition });
    expect(created.errors).toBeUndefined();
    const { id, version, sections } = (created.data as any).createReportTemplate.template;
    expect([version, sections]).toEqual([
      1,
      [
        {
          kind: 'PERFORMANCE',
          groupBy: ['CAMPAIGN'],
          metrics: ['COST'],
          filter: { nameContains: 'a', metrics: [{ metric: 'COST', value: 'CURRENT', atLeast: '1.5' }] },
          limit: 5,
          charts: [{ type: 'BAR', value: 'cost' }],
        },
        { kind: 'TEXT', groupBy: null, metrics: null, filter: null, limit: null, charts: [] },
      ],
    ]);
    const reportId = idOf(await reporting.order(identity, { templateId: id }));
    for (const stranger of [member(), { ...member(), role: 'ADMIN' as const }]) {
      expect(codeOf(await reporting.order(stranger, { templateId: id }))).toBe('NOT_FOUND');
      expect(codeOf(await reporting.ask(UPDATE, stranger, { id, version: 1 }))).toBe('NOT_FOUND');
      expect(codeOf(await reporting.ask(DELETE, stranger, { id }))).toBe('NOT_FOUND');
    }
    const renamed = await reporting.ask(UPDATE, identity, { id, version: 1, name: 'New' });
    expect(renamed.data?.updateReportTemplate).toMatchObject({ template: { name: 'New', version: 2 } });
    expect(codeOf(await reporting.ask(UPDATE, identity, { id, version: 1, name: 'Late' }))).toBe('CONFLICT');
    expect(codeOf(await reporting.ask(UPDATE, identity, { id: 'posts', version: 1 }))).toBe('FORBIDDEN');
    expect((await reporting.ask(DELETE, identity, { id })).errors).toBeUndefined();
    const { organizationId } = identity;
    expect(reporting.queue.jobs.at(-1)).toMatchObject({ name: 'reporting.review-schedules', data: { organizationId } });
    expect(codeOf(await reporting.ask(DELETE, identity, { id }))).toBe('NOT_FOUND');
    expect(codeOf(await reporting.order(identity, { templateId: id }))).toBe('NOT_FOUND');
    const { data } = await reporting.ask(LIST, identity);
    expect((data!.reportTemplates as unknown[]).length).toBe(builtInTemplates.length);
    expect(await readReport(reportId, identity)).toMatchObject({
      title: expect.stringContaining('Ours, '),
      template: { id, name: 'New' },
    });
    expect(codeOf(await reporting.ask(CREATE, member(randomUUID(), 'VIEWER'), { name: 'No' }))).toBe('FORBIDDEN');
  });

  it('that cannot be asked are refused with the place of each problem', async () => {
    const wrong = {
      sections: [
        definition.sections[1],
        { kind: 'PERFORMANCE', metrics: ['COST', 'SESSIONS'], groupBy: ['DAY', 'WEEK'] },
      ],
    };
    const answer = await reporting.ask(CREATE, member(), { name: 'Wrong', definition: wrong });
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect((errorOf(answer)!.extensions!.details as { argument: string }[]).map(({ argument }) => argument)).toEqual([
      'sections[1].metrics[1]',
      'sections[1].groupBy',
    ]);
  });

  it('can be previewed, without storing anything', async () => {
    const identity = member();
    const PREVIEW = `query ($templateId: ID, $definition: ReportDefinitionInput) {
      previewReport(templateId: $templateId, definition: $definition, compareTo: PREVIOUS_YEAR, rows: 2) {
        title compared { start } sections { key title text columns { key title } rows { cells } totals { cells } totalCount } } }`;
    const { data, errors } = await reporting.ask(PREVIEW, identity, { definition });
    expect(errors).toBeUndefined();
    const { sections, compared } = data!.previewReport as any;
    expect(compared).toEqual({ start: '2026-09-01' });
    expect(sections[0].columns.map(({ key }: any) => key)).toEqual([
      'account',
      'account_id',
      'campaign',
      'campaign_id',
      'currency',
      'cost',
      'previous.cost',
      'change.cost',
    ]);
    expect(sections[0].rows.map(({ cells }: any) => cells.slice(-4))).toEqual([
      ['EUR', '1', '1', '0.125'],
      ['EUR', '2', '1', '0.125'],
    ]);
    expect(sections[0].totalCount).toBe(5);
    expect(sections[1]).toMatchObject({ key: 'text', text: 'Notes', rows: [] });
    expect(
      (
        await reporting.database.query('SELECT FROM reporting.report WHERE organization_id = $1', [
          identity.organizationId,
        ])
      ).rowCount,
    ).toBe(0);
    const viewer = member(identity.organizationId, 'VIEWER');
    expect(codeOf(await reporting.ask(PREVIEW, viewer, {}))).toBe('FORBIDDEN');
  });
});

describe('a member limited to some clients', () => {
  it('sees reports of these clients only, none that covers every account, and not who ordered them', async () => {
    const analyst = member();
    const [own, other, gone] = [randomUUID(), randomUUID(), randomUUID()];
    const order = async (clientIds: string[]) => idOf(await reporting.order(analyst, { clientIds }));
    const ids = { own: await order([own]), both: await order([own, other]), other: await order([other]) };
    const everything = await order([]);
    const limited = { ...analyst, userId: randomUUID(), role: 'VIEWER' as const, clientIds: [own, gone] };
    expect((await listReports(limited)).edges.map(({ node }) => node.id)).toEqual([ids.own]);
    expect(await readReport(ids.own, limited)).toMatchObject({ id: ids.own, createdBy: null });
    for (const id of [ids.both, ids.other, everything, randomUUID()]) {
      expect(codeOf(await reporting.ask(REPORT, limited, { id }))).toBe('NOT_FOUND');
      await expect(reporting.openFile({ id, format: 'csv' }, limited)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const representations = [{ __typename: 'Report', id }];
      expect((await reporting.ask(ENTITIES, limited, { representations })).data?._entities).toEqual([null]);
    }
    const both = { ...limited, clientIds: [other, own] };
    const seen = (await listReports(both)).edges.map(({ node }) => node.id);
    expect(seen.sort()).toEqual(Object.values(ids).sort());
    expect((await listReports({ ...limited, clientIds: [] })).edges).toEqual([]);
    expect(codeOf(await reporting.ask(REPORT, { ...limited, clientIds: [] }, { id: everything }))).toBe('NOT_FOUND');
    expect(codeOf(await reporting.order(limited))).toBe('FORBIDDEN');
  });
});

describe('ordering a report', () => {
  it('returns it QUEUED and enqueues its job', async () => {
    const identity = member();
    const clientId = randomUUID();
    const id = idOf(await reporting.order(identity, { clientIds: [clientId, clientId.toUpperCase()] }));
    expect(await readReport(id, identity)).toEqual({
      id,
      title: expect.stringMatching(/^Campaigns by channel, .*2026/),
      status: 'QUEUED',
      progress: 0,
      failure: null,
      template: expect.objectContaining({ id: 'campaign-performance' }),
      range: RANGE,
      clients: [{ id: clientId }],
      createdBy: { id: identity.userId },
      createdAt: reporting.clock.now.toISOString(),
      finishedAt: null,
      rowCount: null,
      sections: null,
      rows: null,
      downloadUrl: null,
    });
    expect(reporting.queue.jobs).toEqual([{ name: 'reporting.run-report', data: { key: id, reportId: id } }]);
  });

  it('succeeds although the queue is down', async () => {
    const identity = member();
    reporting.queue.isDown = true;
    const id = idOf(await reporting.order(identity));
    expect(await readReport(id, identity)).toMatchObject({ status: 'QUEUED' });
  });

  it('orders two reports for two concurrent calls', async () => {
    const identity = member();
    const ids = (await Promise.all([reporting.order(identity), reporting.order(identity)])).map(idOf);
    expect(new Set(ids).size).toBe(2);
    expect(reporting.queue.jobs.map(({ data }) => data.key).sort()).toEqual([...ids].sort());
  });

  it.each([
    [{ start: '2026-10-02', end: '2026-10-01' }, 'must not end before it starts'],
    [{ start: '2024-07-01', end: '2026-10-02' }, 'must have at most 800 days'],
    [{ start: '0000-01-01', end: '0000-01-02' }, 'must not start before 2000-01-01'],
    [{ start: '2999-01-01', end: '2999-01-02' }, 'must not start in the future'],
  ])('refuses the range %j', async (range, problem) => {
    const answer = await reporting.order(member(), { range });
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect(errorOf(answer)?.extensions?.details).toEqual([{ argument: 'range', problem }]);
  });

  it('accepts a range of one day and one of 800', async () => {
    idOf(await reporting.order(member(), { range: { start: '2026-10-01', end: '2026-10-01' } }));
    idOf(await reporting.order(member(), { range: { start: '2024-07-24', end: '2026-10-01' } }));
  });

  it('refuses unknown templates and invalid client ids', async () => {
    const unknown = await reporting.order(member(), { templateId: 'unknown\u0000' });
    expect(codeOf(unknown)).toBe('NOT_FOUND');
    expect(errorOf(unknown)?.message).toBe('There is no report template with this id.');
    const malformed = await reporting.order(member(), { clientIds: [randomUUID(), 'no-uuid'] });
    expect(errorOf(malformed)?.message).toBe('There is no client with this id.');
  });

  it('accepts at most 200 clients', async () => {
    const clientIds = Array.from({ length: 200 }, () => randomUUID());
    idOf(await reporting.order(member(), { clientIds: [...clientIds, ...clientIds] }));
    const answer = await reporting.order(member(), { clientIds: [...clientIds, randomUUID()] });
    expect(errorOf(answer)?.extensions?.details).toEqual([
      { argument: 'clientIds', problem: 'must name at most 200 clients' },
    ]);
  });

  it('needs the role ANALYST', async () => {
    idOf(await reporting.order(member(randomUUID(), 'OWNER')));
    expect(codeOf(await reporting.order(member(randomUUID(), 'VIEWER')))).toBe('FORBIDDEN');
    expect(codeOf(await reporting.order(anonymous('test')))).toBe('UNAUTHENTICATED');
    const { organizationId } = member();
    const service: Identity = { kind: 'service', organizationId, scopes: [], requestId: 'test' };
    expect(codeOf(await reporting.order(service))).toBe('FORBIDDEN');
  });
});

describe('the reports of an organization', () => {
  it('have stable pages, the newest first, also within a millisecond', async () => {
    const identity = member();
    const ordered: string[] = [];
    for (const milliseconds of [0, 1, 1, 1, 1, 2]) {
      reporting.advance(milliseconds / 1_000);
      ordered.push(idOf(await reporting.order(identity)));
    }
    // Microseconds, which a cursor does not hold.
    await reporting.database.query(
      `UPDATE reporting.report SET created_at = '2026-11-02T08:00:00.0005Z'::timestamptz WHERE id = ANY($1)`,
      [ordered.slice(1, 4)],
    );
    const everything = (await listReports(identity)).edges.map(({ node }) => node.id);
    expect(new Set(everything)).toEqual(new Set(ordered));

    const paged: string[] = [];
    let after: string | null = null;
    do {
      const { edges, pageInfo }: Organization['reports'] = await listReports(identity, { first: 2, after });
      expect(edges.length).toBeGreaterThan(0);
      paged.push(...edges.map(({ node }) => node.id));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    expect(paged).toEqual(everything);
  });

  it.each([
    ['"no-cursor"', 'first: 20'],
    [`"${Buffer.from('["2026-13-45T00:00:00Z","x"]').toString('base64url')}"`, 'first: 20'],
    [`"${Buffer.from('[1]').toString('base64url')}"`, 'first: 20'],
    ['null', 'first: 0'],
    ['null', 'first: 1001'],
  ])('refuse after: %s with %s', async (after, first) => {
    const identity = member();
    const query = `query ($r: [_Any!]!) {
      _entities(representations: $r) { ... on Organization { reports(${first}, after: ${after}) { edges { cursor } } } }
    }`;
    const answer = await reporting.ask(query, identity, {
      r: [{ __typename: 'Organization', id: identity.organizationId }],
    });
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
  });

  it('can be read by a VIEWER', async () => {
    const analyst = member();
    const id = idOf(await reporting.order(analyst));
    const viewer = member(analyst.organizationId, 'VIEWER');
    expect((await listReports(viewer)).edges.map(({ node }) => node.id)).toEqual([id]);
    expect(await readReport(id, viewer)).toMatchObject({ id });
  });
});

describe('a finished report', () => {
  const prepare = async () => {
    const identity = member();
    const id = idOf(await reporting.order(identity));
    await reporting.run(id);
    return { identity, id };
  };

  it('has pages of its rows in order', async () => {
    const { identity, id } = await prepare();
    const costs: (string | null | undefined)[] = [];
    let after: string | null = null;
    do {
      const { sections, rows }: Report = await readReport(id, identity, { first: 2, after });
      const index = sections?.[1]?.columns.findIndex(({ key }) => key === 'cost') ?? -1;
      costs.push(...(rows?.edges ?? []).map(({ node }) => node.cells[index]));
      after = rows?.pageInfo.hasNextPage ? rows.pageInfo.endCursor : null;
    } while (after);
    expect(costs).toEqual(['1', '2', '3', '4', '5']);
  });

  it('has sections with columns, totals, control totals, sources and a hash', async () => {
    const { identity, id } = await prepare();
    const FACTS = `query ($id: ID!) { report(id: $id) { hash summary { wordedBy } sources { name provider state } sections {
      key kind title rowCount totalCount columns { key title kind role isSummable } totals { cells }
      controlTotals { column currency sum } sources { account { id } state } charts { type } tiles table } } }`;
    const { data, errors } = await reporting.ask(FACTS, identity, { id });
    expect(errors).toBeUndefined();
    const { hash, sections, sources } = data!.report as any;
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(sources).toEqual([{ name: 'Shop', provider: 'Google Ads', state: 'COMPLETE' }]);
    expect(sections.map(({ key, rowCount }: any) => [key, rowCount])).toEqual([
      ['performance', 5],
      ['performance-2', 5],
    ]);
    expect(sections[1].controlTotals[2]).toEqual({ column: 'cost', currency: 'EUR', sum: '15' });
    expect(sections[0].columns.find(({ key }: any) => key === 'cost')).toEqual({
      key: 'cost',
      title: 'Cost',
      kind: 'MONEY',
      role: 'CURRENT',
      isSummable: true,
    });
    expect(sections[0].totals[0].cells).toContain('99.5');
    const unknown = await reporting.ask(
      'query ($id: ID!) { report(id: $id) { rows(section: "x") { edges { cursor } } } }',
      identity,
      { id },
    );
    expect(codeOf(unknown)).toBe('NOT_FOUND');
  });

  it('is listed by status, template, client and days', async () => {
    const { identity, id } = await prepare();
    const clientId = randomUUID();
    const other = idOf(
      await reporting.order(identity, {
        templateId: 'posts',
        clientIds: [clientId],
        range: { start: '2026-09-01', end: '2026-09-02' },
      }),
    );
    const LIST = `query ($r: [_Any!]!, $filter: ReportFilterInput) {
      _entities(representations: $r) { ... on Organization { reports(filter: $filter) { edges { node { id } } } } } }`;
    const listed = async (filter: object) => {
      const { data, errors } = await reporting.ask(LIST, identity, {
        r: [{ __typename: 'Organization', id: identity.organizationId }],
        filter,
      });
      expect(errors).toBeUndefined();
      return (data as any)._entities[0].reports.edges.map(({ node }: any) => node.id);
    };
    expect(await listed({ status: ['READY'] })).toEqual([id]);
    expect(await listed({ templateId: 'posts' })).toEqual([other]);
    expect(await listed({ clientId })).toEqual([other]);
    expect(await listed({ from: '2026-09-03' })).toEqual([id]);
    expect(await listed({ to: '2026-09-03' })).toEqual([other]);
    for (const none of [{ scheduleId: randomUUID() }, { clientId: 'x' }, { templateId: '\0' }])
      expect(await listed(none)).toEqual([]);
  });

  it.each([['2147483648'], ['-1'], ['1.5'], ['"1"']])('refuses a cursor at %s', async (position) => {
    const { identity, id } = await prepare();
    const after = Buffer.from(`[${position}]`).toString('base64url');
    expect(codeOf(await reporting.ask(REPORT, identity, { id, after }))).toBe('BAD_USER_INPUT');
  });

  it('has a download link with the ids of report and organization', async () => {
    const { identity, id } = await prepare();
    const { downloadUrl } = await readReport(id, identity);
    const { origin, pathname, searchParams } = new URL(downloadUrl as string);
    expect(origin + pathname).toBe(`${reporting.services.publicUrl()}/reports/${id}/download.csv`);
    const claims = await reporting.services.internalSigner.verifyClaims<
      ReportDownloadClaims & { iat: number; exp: number }
    >(searchParams.get('token') as string, REPORT_DOWNLOAD_AUDIENCE);
    expect(claims).toMatchObject({ organizationId: identity.organizationId, reportId: id });
    expect(claims.exp - claims.iat).toBe(15 * 60);
  });
});

describe('other callers', () => {
  it('get the same error for a foreign, an unknown and a malformed report', async () => {
    const foreign = idOf(await reporting.order(member()));
    const answers = await Promise.all(
      [foreign, randomUUID(), 'no-uuid', ''].map((id) => reporting.ask(REPORT, member(), { id })),
    );
    const refusals = answers.map((answer) => [codeOf(answer), errorOf(answer)?.message, answer.data?.report]);
    expect(refusals).toEqual(Array(4).fill(['NOT_FOUND', 'There is no report with this id.', null]));
  });

  it('get null for a foreign entity', async () => {
    const owner = member();
    const other = member();
    const foreign = idOf(await reporting.order(owner));
    const own = idOf(await reporting.order(other));
    const representations = [
      { __typename: 'Report', id: foreign },
      { __typename: 'Report', id: own },
      { __typename: 'Report', id: 'no-uuid' },
      { __typename: 'Organization', id: owner.organizationId },
      { __typename: 'Organization', id: 'no-uuid' },
    ];
    const { data, errors } = await reporting.ask(ENTITIES, other, { representations });
    expect(errors).toBeUndefined();
    expect(data?._entities).toEqual([null, expect.objectContaining({ id: own }), null, null, null]);
  });

  it('see nothing behind a cursor of another organization', async () => {
    const owner = member();
    const other = member();
    idOf(await reporting.order(owner));
    idOf(await reporting.order(owner));
    const own = idOf(await reporting.order(other));
    const [newest] = (await listReports(owner)).edges;
    const { edges } = await listReports(other, { after: newest?.cursor });
    expect(edges.every(({ node }) => node.id === own)).toBe(true);
  });

  it('are refused without credentials', async () => {
    const noCredentials = anonymous('test');
    expect(codeOf(await reporting.ask(REPORT, noCredentials, { id: randomUUID() }))).toBe('UNAUTHENTICATED');
    expect(codeOf(await reporting.ask('{ reportTemplates { id } }', noCredentials))).toBe('UNAUTHENTICATED');
    for (const __typename of ['Report', 'ReportTemplate', 'Organization']) {
      const answer = await reporting.ask(ENTITIES, noCredentials, {
        representations: [{ __typename, id: randomUUID() }],
      });
      expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    }
  });
});
