import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSources } from '#gateway/federation/data-sources/index.js';
import { resources } from '#gateway/rest/resources.js';
import type { Identity } from '#runtime/identity/identity.js';
import { judge } from '#runtime/identity/judge.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { subgraphs } from '#subgraphs/index.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { everyTransport, type OpenTransport, openTransport } from './open-transport.js';
import { openTenant, type Tenant } from './tenant.js';

const EVIL = '</title><script>alert(1)</script>"\'><img src=x onerror=alert(1)>\u202Egnp';
const PASSWORD = 'four words of ours';
const MINUTES_MS = 5 * 60_000;

const manifestOf = (reportId: string) => {
  const range = { start: '2026-09-01', end: '2026-09-07' };
  const none = { range: null, compared: null, columns: [], charts: [], totals: [], sources: [], controlTotals: [] };
  const section = { id: 'text', kind: 'TEXT', title: EVIL, text: EVIL, totalCount: 0, rowCount: 0, hash: 'none' };
  return {
    version: 1,
    reportId,
    title: `${EVIL} حملة 品牌 🚀 ${'x'.repeat(10_000)}`,
    organization: EVIL,
    clients: [EVIL],
    template: { id: 'custom', name: EVIL, version: 1 },
    range,
    compared: null,
    timeZone: 'Europe/Berlin',
    currency: null,
    conversion: null,
    language: 'ar',
    generatedAt: '2026-09-08T08:00:00.000Z',
    summary: { wordedBy: 'RULES', model: null, sentences: [EVIL] },
    sections: [{ ...none, ...section, show: { tiles: false, table: false } }],
    hash: 'hash',
  };
};

describe.each(everyTransport)('share links, attacked, with subgraphs %s', (name) => {
  let transport: OpenTransport;
  let ours: Tenant;
  let theirs: Tenant;

  beforeAll(async () => {
    transport = await openTransport(name, { TRUSTED_PROXIES: '1' });
    const anyone = new Client(transport.url);
    [ours, theirs] = await Promise.all([openTenant(anyone, 'Ours'), openTenant(anyone, 'Theirs')]);
    await databaseRows(
      transport,
      `INSERT INTO reporting.report_dataset (report_id, attempt, hash, row_count, manifest) VALUES ($1, 1, 'hash', 0, $2)
       ON CONFLICT (report_id) DO UPDATE SET manifest = excluded.manifest`,
      [ours.reportId, JSON.stringify(manifestOf(ours.reportId))],
    );
  }, MINUTES_MS);
  afterAll(() => transport.close());

  async function share(more = ''): Promise<{ id: string; token: string }> {
    const query = `mutation ($id: ID!) { createReportShare(reportId: $id ${more}) { url share { id } } }`;
    const { data, errors } = await ours.client.ask(query, { id: ours.reportId });
    expect(errors).toBeUndefined();
    const { url, share } = data.createReportShare;
    return { id: share.id, token: url.split('/').at(-1) };
  }
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${transport.url}${path}`, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' });
  const enter = (token: string, password: string, headers: Record<string, string> = {}) =>
    fetch(`${transport.url}/shared/${token}`, {
      method: 'POST',
      headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ password }),
      redirect: 'manual',
    });

  it('guessed tokens, expired and revoked ones show the same page', async () => {
    const revoked = await share();
    const expired = await share();
    await ours.client.ask('mutation ($id: ID!) { revokeReportShare(shareId: $id) { share { id } } }', {
      id: revoked.id,
    });
    const past = `UPDATE reporting.report_share SET created_at = now() - interval '2 days', expires_at = now() - interval '1 day' WHERE id = $1`;
    await databaseRows(transport, past, [expired.id]);
    const guessed = Array.from({ length: 20 }, () => randomBytes(32).toString('base64url'));
    const tokens = [
      ...guessed,
      revoked.token,
      expired.token,
      `${revoked.token}x`,
      randomUUID(),
      "'--",
      '%00',
      '..%2f..%2fapi',
    ];
    const pages = await Promise.all(
      tokens.map(async (token) => {
        const answer = await get(`/shared/${token}`);
        return `${answer.status} ${answer.headers.get('cache-control')} ${await answer.text()}`;
      }),
    );
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toMatch(/^404 no-store /);
  });

  it('the page is escaped, and a link that is revoked in an open tab opens nothing more', async () => {
    const { id, token } = await share('formats: [CSV]');
    const answer = await get(`/shared/${token}`);
    const body = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(answer.headers.get('x-robots-tag')).toContain('noindex');
    expect(body).toContain('<html lang="ar" dir="rtl">');
    expect(body).not.toMatch(/<script|<img|\u202e|x{300}/);
    expect((await get(`/shared/${token}/report.csv`)).status).toBe(200);
    for (const format of ['pdf', 'xlsx', 'exe']) {
      const refused = await get(`/shared/${token}/report.${format}`, { accept: 'application/json' });
      expect([refused.status, ((await refused.json()) as any).errors[0].message]).toEqual([
        404,
        'This link offers the formats .csv.',
      ]);
    }
    await ours.client.ask('mutation ($id: ID!) { revokeReportShare(shareId: $id) { share { id } } }', { id });
    for (const path of ['', '/report.csv', '/logo.png'])
      expect((await get(`/shared/${token}${path}`)).status).toBe(404);
    const actions = await databaseRows(
      transport,
      'SELECT action, actor_kind AS kind FROM operations.audit_event WHERE actor_id = $1 OR target_id = $1 ORDER BY sequence',
      [id],
    );
    expect(actions).toEqual([
      { action: 'report-share.created', kind: 'user' },
      { action: 'report-share.viewed', kind: 'share' },
      { action: 'report.downloaded', kind: 'share' },
      { action: 'report-share.revoked', kind: 'user' },
    ]);
  });

  it('twelve guesses of a password at once are five, from each address', async () => {
    const { token } = await share(`password: "${PASSWORD}"`);
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const locked = await get(`/shared/${token}`);
    expect([locked.status, (await locked.text()).includes('حملة')]).toEqual([200, false]);
    for (const path of ['/report.csv', '/logo.png']) expect((await get(`/shared/${token}${path}`)).status).toBe(404);
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, index) => enter(token, `guess number ${index}`, from('198.51.100.1'))),
    );
    expect(guesses.map(({ status }) => status).sort()).toEqual([...Array(5).fill(403), ...Array(7).fill(429)]);
    expect((await enter(token, PASSWORD, from('198.51.100.1'))).status).toBe(429);
    const entered = await enter(token, PASSWORD, from('198.51.100.2'));
    expect(entered.status).toBe(303);
    const [cookie = ''] = (entered.headers.get('set-cookie') ?? '').split(';');
    expect((await (await get(`/shared/${token}`, { cookie })).text()).includes('حملة')).toBe(true);
    expect((await get(`/shared/${token}/report.csv`, { cookie })).status).toBe(200);
    const other = await share(`password: "${PASSWORD}"`);
    expect((await get(`/shared/${other.token}/report.csv`, { cookie })).status).toBe(404);
  });

  it('opens nothing else: no route, no field, no other report', async () => {
    const { token, id } = await share();
    const cookie = `shared-report=${token}`;
    const bearers: Record<string, string>[] = [
      { authorization: `Bearer ${token}` },
      { 'x-api-key': token },
      { cookie },
    ];
    const paths = resources
      .filter(({ method }) => method === 'GET')
      .map(({ path }) => path.replace('{id}', ours.reportId).replace(/\{\w+\}/g, randomUUID()));
    const files = [ours, theirs].flatMap(({ reportId }) => [
      `/reports/${reportId}/download.csv`,
      `/reports/${reportId}/download.csv?token=${token}`,
      `/api/reports/${reportId}/events`,
      `/reports/${reportId}/events`,
    ]);
    const open: string[] = [];
    for (const headers of bearers) {
      for (const path of [...paths, ...files, `/shared/${token}/../../api/reports`]) {
        const anonymous = await get(path, { accept: '*/*' });
        const answer = await get(path, { accept: '*/*', ...headers });
        if (answer.status < 400 && anonymous.status >= 400) open.push(`${path} ${answer.status}`);
        await Promise.all([anonymous.body?.cancel(), answer.body?.cancel()]);
      }
      const asked = await new Client(transport.url, headers).ask('{ organization { name } }');
      expect(asked.data?.organization ?? null).toBeNull();
    }
    expect(open).toEqual([]);
    const { organizationId, reportId } = ours;
    const opened = { shareId: id, reportId };
    const bearer: Identity = { kind: 'share', organizationId, share: opened, scopes: [], requestId: 'test' };
    for (const part of subgraphNames) {
      const { permissions } = await subgraphs[part]();
      const { Query, Mutation = {}, entities, fields = {} } = permissions;
      const rules = [Query, Mutation, entities, ...Object.values(fields)].flatMap((each) => Object.values(each));
      expect(rules.filter(({ needs }) => judge(needs, bearer) === true)).toEqual([]);
    }
    const reporting = createDataSources(transport.base, transport.local).get('reporting')!;
    const openFile = (reportId: string, identity: Identity) =>
      reporting.openFile({ kind: 'report', parameters: { id: reportId, format: 'csv' }, isHead: true }, { identity });
    expect((await openFile(ours.reportId, bearer)).type).toContain('csv');
    const refused = { code: 'NOT_FOUND' };
    await expect(openFile(theirs.reportId, bearer)).rejects.toMatchObject(refused);
    const lying = { ...bearer, organizationId: theirs.organizationId };
    await expect(openFile(ours.reportId, lying)).rejects.toMatchObject(refused);
    const revoked = { ...bearer, share: { shareId: randomUUID(), reportId: ours.reportId } };
    await expect(openFile(ours.reportId, revoked)).rejects.toMatchObject(refused);
  });
});
