import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  admin,
  CLIENT_SECRET,
  call,
  connectMeta,
  graph,
  isNotSimulated,
  postForm,
  postJson,
  startForTests,
} from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';

const BIG = 'act_1043298715640271';
const JAPAN = 'act_3310045599887766';
const RITAS = 'act_5522334455667788';
const OCTOBER = { time_range: '{"since":"2026-10-01","until":"2026-10-31"}' };

let simulator: Simulator;
let token: string;
let truth: any[];
beforeAll(async () => {
  simulator = await startForTests();
  token = await connectMeta(simulator);
  truth = (await admin(simulator, 'seed/meta?start=2026-10-01&end=2026-10-31&daily=1')).body.accounts;
});
afterAll(() => simulator.close());

const get = (path: string, parameters: Record<string, string> = {}) =>
  graph(simulator, path, { access_token: token, ...parameters });
const campaignsOf = (account: string): any[] => truth.find((one) => `act_${one.id}` === account).campaigns;

/** Follows paging.next to the end. */
async function all(path: string, parameters: Record<string, string>): Promise<{ items: any[]; pages: number }> {
  let answer = await get(path, parameters);
  const items = [...answer.body.data];
  let pages = 1;
  while (answer.body.paging?.next) {
    answer = await call(answer.body.paging.next);
    items.push(...answer.body.data);
    pages += 1;
  }
  return { items, pages };
}

describe('nodes', () => {
  it('have the requested fields and their id', async () => {
    expect((await get('me', { fields: 'name,email' })).body).toEqual({
      name: 'Nora Lind',
      email: 'nora.lind@northwind.example',
      id: '10229000111222333',
    });
    expect((await get('me')).body).toEqual({ id: '10229000111222333', name: 'Nora Lind' });
    expect((await get(BIG, { fields: 'name,business{name}' })).body).toEqual({
      id: BIG,
      name: 'Northwind Outdoor US',
      business: { id: '7710029384756', name: 'Northwind Agency' },
    });
  });

  it('leave out what is not set', async () => {
    const { items } = await all(`${BIG}/campaigns`, {
      fields: 'id,daily_budget,lifetime_budget,stop_time',
      limit: '200',
    });
    expect(items.some((campaign) => !('daily_budget' in campaign) && 'lifetime_budget' in campaign)).toBe(true);
    expect(items.some((campaign) => !('stop_time' in campaign))).toBe(true);
  });

  it('accept the token in a header as well', async () => {
    const answer = await graph(simulator, 'me', {}, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.body.name).toBe('Nora Lind');
  });

  it.each([
    ['an unknown id', '999', {}, 400, 100, 33],
    ['an unknown name', 'nobody', {}, 404, 803, undefined],
    ["somebody else's account", RITAS, {}, 403, 200, undefined],
    ['a broken field list', 'me', { fields: 'id,name.limit(' }, 400, 2500, undefined],
  ])('refuse %s', async (_case, path, parameters, status, code, subcode) => {
    const answer = await get(path, parameters as Record<string, string>);
    expect([answer.status, answer.body.error.code, answer.body.error.error_subcode]).toEqual([status, code, subcode]);
    expect(answer.body.error.fbtrace_id).toEqual(expect.any(String));
  });

  it('need a token, the right proof and a living version', async () => {
    expect((await graph(simulator, 'me')).body.error.code).toBe(2500);
    expect((await graph(simulator, BIG)).body.error.code).toBe(104);
    const proof = createHmac('sha256', CLIENT_SECRET).update(token).digest('hex');
    expect((await get('me', { appsecret_proof: proof })).status).toBe(200);
    expect((await get('me', { appsecret_proof: proof.replace(/./, 'x') })).body.error.code).toBe(100);
    const me = async (version: string) =>
      (await call(`${simulator.url}/graph.facebook.com/${version}me?access_token=${token}`)).body.error?.code;
    expect(await Promise.all(['', 'v25.0/', 'v26.0/', 'v19.0/', 'v99.0/'].map(me))).toEqual([
      undefined,
      undefined,
      undefined,
      2635,
      2500,
    ]);
  });

  it('need ads_read for anything about ads', async () => {
    const poor = await connectMeta(simulator, 'nora', { scope: 'email' });
    for (const path of ['me/adaccounts', BIG, `${BIG}/insights`]) {
      const answer = await graph(simulator, path, { access_token: poor });
      expect([answer.status, answer.body.error.code]).toEqual([403, 200]);
    }
  });
});

describe('edges', () => {
  it('page with cursors and no next on the last page', async () => {
    const { items, pages } = await all('me/adaccounts', { fields: 'account_id,currency,account_status', limit: '3' });
    expect(pages).toBe(2);
    expect(items).toEqual(
      truth
        .filter((account) => account.people.includes('nora'))
        .map((account) => ({
          id: `act_${account.id}`,
          account_id: account.id,
          currency: account.currency,
          account_status: Number(account.status),
        })),
    );
    expect((await get('me/adaccounts', { after: 'made-up' })).body.error).toMatchObject({
      code: 100,
      error_subcode: 2642,
    });
  });

  it('have 25 items per page by default', async () => {
    expect((await get(`${BIG}/campaigns`)).body.data).toHaveLength(25);
    const { items, pages } = await all(`${BIG}/campaigns`, {
      limit: '100',
      effective_status: '["ACTIVE","PAUSED","ARCHIVED","DELETED"]',
    });
    expect([pages, items.length]).toEqual([2, 128]);
    expect(items.map((campaign) => campaign.id)).toEqual(campaignsOf(BIG).map((campaign) => campaign.id));
  });

  it('omit deleted and archived campaigns unless their status is requested', async () => {
    const statuses = async (parameters: Record<string, string>) =>
      new Set(
        (await all(`${BIG}/campaigns`, { fields: 'status', limit: '500', ...parameters })).items.map(
          (campaign) => campaign.status,
        ),
      );
    expect(await statuses({})).toEqual(new Set(['ACTIVE', 'PAUSED']));
    expect(await statuses({ effective_status: '["DELETED"]' })).toEqual(new Set(['DELETED']));
    expect(
      await statuses({ filtering: '[{"field":"campaign.effective_status","operator":"IN","value":["ARCHIVED"]}]' }),
    ).toEqual(new Set(['ARCHIVED']));
    expect((await get(`${BIG}/campaigns`, { effective_status: '["ENABLED"]' })).body.error.code).toBe(100);
  });

  it('are empty for a person without accounts', async () => {
    const emil = await connectMeta(simulator, 'emil');
    expect((await graph(simulator, 'me/adaccounts', { access_token: emil })).body).toEqual({ data: [] });
  });
});

describe('insights', () => {
  const FIELDS = 'campaign_id,impressions,clicks,spend,actions,action_values';
  const totals = (row: any) => ({
    id: row.campaign_id,
    impressions: Number(row.impressions),
    clicks: Number(row.clicks),
    spend: row.spend,
    purchases: row.actions?.find((action: any) => action.action_type === 'purchase')?.value ?? '0',
    value: row.action_values?.find((action: any) => action.action_type === 'purchase')?.value ?? '0',
  });
  const expected = (campaign: any, id = campaign.id) => ({
    id,
    impressions: campaign.impressions,
    clicks: campaign.clicks,
    spend: String(Number(campaign.costMicros) / 1_000_000),
    purchases: campaign.conversions,
    value: campaign.conversionValue,
  });

  it('agree with the published truth in every currency', async () => {
    for (const account of truth.filter((one) => one.people.includes('nora'))) {
      const { items } = await all(`act_${account.id}/insights`, {
        level: 'campaign',
        fields: FIELDS,
        limit: '100',
        ...OCTOBER,
      });
      expect(items.map(totals)).toEqual(
        account.campaigns
          .filter((campaign: any) => campaign.impressions > 0)
          .map((campaign: any) => expected(campaign)),
      );
    }
  });

  it('split into days', async () => {
    const campaign = campaignsOf(BIG).find((one) => one.daily.length > 25);
    const { items } = await all(`${campaign.id}/insights`, {
      fields: FIELDS,
      time_increment: '1',
      limit: '500',
      ...OCTOBER,
    });
    expect(items.map((row) => ({ ...totals(row), date: row.date_start, end: row.date_stop }))).toEqual(
      campaign.daily.map((day: any) => ({ ...expected(day, campaign.id), date: day.date, end: day.date })),
    );
  });

  it('split into platforms that add up', async () => {
    const sum = (rows: any[], name: string) =>
      rows.reduce((total, row) => total + Math.round(Number(row[name]) * 100), 0);
    const whole = (await get(`${BIG}/insights`, { fields: 'impressions,clicks,spend', ...OCTOBER })).body.data;
    const parts = (
      await get(`${BIG}/insights`, { fields: 'impressions,clicks,spend', breakdowns: 'publisher_platform', ...OCTOBER })
    ).body.data;
    expect(parts.map((row: any) => row.publisher_platform)).toEqual(['facebook', 'instagram', 'audience_network']);
    for (const name of ['impressions', 'clicks', 'spend']) expect(sum(parts, name)).toBe(sum(whole, name));
  });

  it('answer several ranges at once', async () => {
    const ranges = [
      { since: '2026-10-01', until: '2026-10-15' },
      { since: '2026-10-16', until: '2026-10-31' },
    ];
    const rows = (
      await get(`${JAPAN}/insights`, {
        fields: 'impressions,spend',
        time_ranges: JSON.stringify(ranges),
        time_increment: '1',
      })
    ).body.data;
    expect(rows.map((row: any) => [row.date_start, row.date_stop])).toEqual(
      ranges.map(({ since, until }) => [since, until]),
    );
    for (const row of rows) expect(row.spend).toMatch(/^\d+$/);
  });

  it('filter by campaign, quoted ids or not', async () => {
    const [one, two] = campaignsOf(BIG).filter((campaign) => campaign.impressions > 0);
    const ids = async (value: string) =>
      (
        await get(`${BIG}/insights`, {
          level: 'campaign',
          fields: 'campaign_id',
          filtering: `[{"field":"campaign.id","operator":"IN","value":${value}}]`,
          ...OCTOBER,
        })
      ).body.data.map((row: any) => row.campaign_id);
    expect(await ids(`["${one.id}","${two.id}"]`)).toEqual([one.id, two.id]);
    expect(await ids(`[${two.id}]`)).toEqual([two.id]);
    expect(await ids('["1"]')).toEqual([]);
  });

  it('have no row without impressions, and an empty list without any', async () => {
    const silent = campaignsOf(BIG).find((campaign) => campaign.impressions === 0);
    expect((await get(`${silent.id}/insights`, OCTOBER)).body).toEqual({ data: [] });
  });

  it('print every metric as text and sort on request', async () => {
    const { items } = await all(`${BIG}/insights`, {
      level: 'campaign',
      fields: 'impressions,clicks,spend,ctr,cpc,cpm,reach,frequency',
      sort: '["spend_descending"]',
      limit: '200',
      ...OCTOBER,
    });
    for (const row of items) for (const value of Object.values(row)) expect(typeof value).toBe('string');
    const spend = items.map((row) => Number(row.spend));
    expect(spend).toEqual(spend.toSorted((a, b) => b - a));
  });

  it.each([
    ['an unknown level', { level: 'shoe' }, 100],
    ['a range that ends before it begins', { time_range: '{"since":"2026-10-31","until":"2026-10-01"}' }, 100],
    ['a range that is not JSON', { time_range: 'yesterday' }, 100],
    ['a day that does not exist', { time_range: '{"since":"2026-02-30","until":"2026-03-01"}' }, 100],
    ['more than 37 months', { time_range: '{"since":"2023-01-01","until":"2026-03-01"}' }, 3018],
    ['an unknown preset', { date_preset: 'last_2d' }, 100],
    ['an increment beyond 90 days', { time_increment: '91' }, 100],
    ['an unknown operator', { filtering: '[{"field":"campaign.id","operator":"NEAR","value":["1"]}]' }, 100],
    ['two values for one', { filtering: '[{"field":"spend","operator":"GREATER_THAN","value":[1,2]}]' }, 100],
  ])('refuse %s', async (_case, parameters, code) => {
    const answer = await get(`${BIG}/insights`, parameters as Record<string, string>);
    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
  });
});

describe('many at once', () => {
  it('come by their ids, all or none', async () => {
    const ids = campaignsOf(BIG)
      .slice(0, 3)
      .map((campaign) => campaign.id);
    expect((await get('', { ids: ids.join(','), fields: 'name' })).body).toEqual(
      Object.fromEntries(
        campaignsOf(BIG)
          .slice(0, 3)
          .map(({ id, name }) => [id, { id, name }]),
      ),
    );
    expect((await get('insights', { ids: ids[0], ...OCTOBER })).body[ids[0]].data).toHaveLength(1);
    expect((await get('', { ids: `${ids[0]},999` })).body.error).toMatchObject({ code: 100, error_subcode: 33 });
    expect((await get('', { ids: Array.from({ length: 51 }, (_, n) => n + 1).join(',') })).body.error.code).toBe(100);
  });

  it('come as a batch in the same order, each part logged', async () => {
    await call(`${simulator.url}/_simulator/calls`, { method: 'DELETE' });
    const batch = [
      { method: 'GET', relative_url: 'v26.0/me?fields=id' },
      { method: 'GET', relative_url: `${JAPAN}/insights?fields=impressions` },
      { method: 'GET', relative_url: '999' },
      { method: 'GET', relative_url: 'me', access_token: 'ignored' },
    ];
    const url = `${simulator.url}/graph.facebook.com/v26.0/`;
    const form = await postForm(url, { batch: JSON.stringify(batch), include_headers: 'false', access_token: token });
    expect(form.body.map((part: any) => part.code)).toEqual([200, 200, 400, 200]);
    expect(JSON.parse(form.body[0].body)).toEqual({ id: '10229000111222333' });
    expect(form.body[0]).not.toHaveProperty('headers');
    const log = (await admin(simulator, 'calls?provider=meta')).body;
    expect(log.map((entry: any) => [entry.path, entry.inner])).toEqual([
      ['/v26.0/me', true],
      [`/${JAPAN}/insights`, true],
      ['/999', true],
      ['/me', true],
      ['/v26.0/', false],
    ]);
    expect(log[1].accounts).toEqual([JAPAN.slice(4)]);
    expect(JSON.stringify(log)).not.toContain(token);
    const json = await postJson(`${simulator.url}/graph.facebook.com/`, { batch, access_token: token });
    expect(json.body[0].headers).toContainEqual({ name: 'Content-Type', value: 'text/javascript; charset=UTF-8' });
    const multipart = new FormData();
    multipart.set('batch', JSON.stringify(batch.slice(0, 1)));
    multipart.set('access_token', token);
    expect((await call(url, { method: 'POST', body: multipart })).body).toHaveLength(1);
  });

  it('come in batches of 50 at most', async () => {
    const batch = Array.from({ length: 51 }, () => ({ method: 'GET', relative_url: 'me' }));
    const answer = await postForm(`${simulator.url}/graph.facebook.com/v26.0/`, {
      batch: JSON.stringify(batch),
      access_token: token,
    });
    expect(answer.body.error).toMatchObject({
      type: 'GraphBatchException',
      message: 'Too many requests in batch message. Maximum batch size is 50',
    });
  });
});

describe('limits', () => {
  it('show in the headers, count the parts of a batch, and end with the hour', async () => {
    const other = await startForTests();
    try {
      const access_token = await connectMeta(other);
      await admin(other, 'settings', { metaInsightsCallsPerHour: 4 });
      const ask = () => graph(other, `${BIG}/insights`, { access_token });
      const usage = (answer: { headers: Headers }) =>
        JSON.parse(answer.headers.get('x-business-use-case-usage') ?? '{}')[BIG.slice(4)][0];
      expect(usage(await ask())).toMatchObject({ type: 'ads_insights', call_count: 25 });
      await postForm(`${other.url}/graph.facebook.com/v26.0/`, {
        access_token,
        batch: JSON.stringify(Array.from({ length: 3 }, () => ({ method: 'GET', relative_url: `${BIG}/insights` }))),
      });
      const refused = await ask();
      expect([refused.status, refused.body.error.code]).toEqual([400, 80000]);
      expect(usage(refused)).toMatchObject({ call_count: 100, estimated_time_to_regain_access: 60 });
      await admin(other, 'clock', { advanceSeconds: 3600 });
      expect((await ask()).status).toBe(200);
    } finally {
      await other.close();
    }
  });
});

describe('Rita', () => {
  it('can be connected, and revokes her consent at the first read of campaigns', async () => {
    const access_token = await connectMeta(simulator, 'rita');
    expect((await graph(simulator, 'me/adaccounts', { access_token })).body.data).toEqual([
      { id: RITAS, account_id: RITAS.slice(4) },
    ]);
    expect((await graph(simulator, `${RITAS}/campaigns`, { access_token })).body.error).toMatchObject({
      code: 190,
      error_subcode: 458,
    });
    expect((await graph(simulator, 'me/adaccounts', { access_token })).body.error).toMatchObject({
      code: 190,
      error_subcode: 458,
    });
  });
});

describe('headers', () => {
  it('is how much of the limit is used, with failures as well', async () => {
    for (const status of [400, 401, 403, 429, 500, 503]) {
      await admin(simulator, 'faults', { provider: 'meta', kind: 'status', status });
      const { headers } = await get('me/adaccounts');
      expect(JSON.parse(headers.get('x-app-usage') ?? '')).toEqual({
        call_count: expect.any(Number),
        total_cputime: expect.any(Number),
        total_time: expect.any(Number),
      });
      expect(headers.get('facebook-api-version')).toBe('v26.0');
    }
  });

  it('is the number of nodes, when a summary is requested', async () => {
    const total = campaignsOf(BIG).filter(({ status }) => !['DELETED', 'ARCHIVED'].includes(status)).length;
    for (const summary of ['true', 'total_count']) {
      const { body } = await get(`${BIG}/campaigns`, { limit: '3', summary });
      expect([body.data.length, body.summary]).toEqual([3, { total_count: total }]);
    }
    expect((await get(`${BIG}/campaigns`)).body.summary).toBeUndefined();
  });

  it('is one row for all rows of insights, those on later pages included', async () => {
    const requested = { ...OCTOBER, level: 'campaign', fields: 'campaign_name,impressions,spend', limit: '2' };
    const { items } = await all(`${BIG}/insights`, requested);
    const impressions = items.reduce((sum, row) => sum + Number(row.impressions), 0);
    const { body } = await get(`${BIG}/insights`, { ...requested, default_summary: 'true' });
    expect(body.summary).toEqual({
      impressions: String(impressions),
      spend: expect.stringMatching(/^\d+(\.\d+)?$/),
      date_start: '2026-10-01',
      date_stop: '2026-10-31',
    });
    const some = await get(`${BIG}/insights`, { ...requested, summary: '["impressions"]' });
    expect(some.body.summary.spend).toBeUndefined();
    expect((await get(`${BIG}/insights`, { ...requested, summary: 'true' })).body.summary).toBeUndefined();
    expect(isNotSimulated(await get(`${BIG}/insights`, { ...requested, summary: '["nonsense"]' }))).toBe(true);
    const both = await get(`${BIG}/insights`, { ...requested, default_summary: 'true', summary: 'clicks,impressions' });
    expect(Object.keys(both.body.summary)).toEqual(['impressions', 'spend', 'clicks', 'date_start', 'date_stop']);
  });
});

describe('what Meta accepts', () => {
  const filter = (field: string, operator: string, value: unknown) => JSON.stringify([{ field, operator, value }]);
  const campaigns = async (parameters: Record<string, string>) =>
    (await all(`${BIG}/campaigns`, { fields: 'id,name,updated_time', limit: '500', ...parameters })).items;

  it('is filtering campaigns by name and time, and figures by what they are', async () => {
    const every = await campaigns({});
    const named = every.filter(({ name }) => /brand/i.test(name as string));
    expect(named.length).toBeGreaterThan(0);
    expect(await campaigns({ filtering: filter('name', 'CONTAIN', 'BRAND') })).toEqual(named);
    const { updated_time: middle } = every.toSorted((a, b) => (`${a.updated_time}` < `${b.updated_time}` ? -1 : 1))[
      Math.floor(every.length / 2)
    ] as { updated_time: string };
    const since = Date.parse(middle) / 1000;
    const later = every.filter((campaign) => Date.parse(campaign.updated_time as string) / 1000 > since);
    expect(await campaigns({ filtering: filter('updated_time', 'GREATER_THAN', since) })).toEqual(later);

    const requested = { ...OCTOBER, level: 'campaign', fields: 'campaign_id,spend,impressions', limit: '500' };
    const { items: rows } = await all(`${BIG}/insights`, requested);
    for (const field of ['spend', 'impressions']) {
      const limit = Number(rows[0]?.[field]);
      const { items } = await all(`${BIG}/insights`, { ...requested, filtering: filter(field, 'GREATER_THAN', limit) });
      expect(items).toEqual(rows.filter((row) => Number(row[field]) > limit));
      const listed = await campaigns({ ...OCTOBER, filtering: filter(field, 'GREATER_THAN', limit) });
      const ids = new Set(listed.map(({ id }) => id));
      expect(items.filter(({ campaign_id }) => ids.has(campaign_id)).length).toBe(listed.length);
    }
  });

  it('is selecting edges as fields, with parameters of their own', async () => {
    const { body } = await get(BIG, {
      fields:
        'name,campaigns.limit(1){name,insights.date_preset(last_30d).as(figures){spend}},insights.date_preset(last_7d){spend}',
    });
    const week = await get(`${BIG}/insights`, { date_preset: 'last_7d', fields: 'spend' });
    expect(body.insights.data).toEqual(week.body.data);
    expect(body.campaigns.data).toHaveLength(1);
    const [{ id, figures }] = body.campaigns.data;
    const month = await get(`${id}/insights`, { date_preset: 'last_30d', fields: 'spend' });
    expect(figures?.data ?? []).toEqual(month.body.data);
    const next = await call(body.campaigns.paging.next);
    expect(next.body.data[0].name).toEqual(expect.any(String));
    expect(next.body.data[0].id).not.toBe(id);
    const ranged = `insights.time_range({'since':'2026-10-01','until':'2026-10-31'}){spend}`;
    const october = await get(`${BIG}/insights`, { ...OCTOBER, fields: 'spend' });
    expect((await get(BIG, { fields: ranged })).body.insights.data).toEqual(october.body.data);
  });

  it('is a batch whose requests refer to each other', async () => {
    const batch = (requests: object[]) =>
      postForm(`${simulator.url}/graph.facebook.com/v26.0/`, { access_token: token, batch: JSON.stringify(requests) });
    const list = { method: 'GET', name: 'list', relative_url: `${BIG}/campaigns?limit=2&fields=id` };
    const read = { method: 'GET', relative_url: '?ids={result=list:$.data.*.id}&fields=name' };
    const { body } = await batch([list, read]);
    const { items } = await all(`${BIG}/campaigns`, { fields: 'id,name', limit: '500' });
    const [first, second] = items;
    expect(body[0]).toBeNull();
    expect(JSON.parse(body[1].body)).toEqual({ [String(first?.id)]: first, [String(second?.id)]: second });
    const shown = (await batch([{ ...list, omit_response_on_success: false }, read])).body;
    expect(JSON.parse(shown[0].body).data).toHaveLength(2);
    const failed = (await batch([{ ...list, relative_url: '999' }, read])).body;
    expect([failed[0].code, failed[1]]).toEqual([400, null]);
    expect((await batch([read])).body.error.code).toBe(100);
  });

  it.each([
    ['a field', 'me', { fields: 'id,shoe_size' }],
    ['an edge', `${BIG}/adcreatives`, {}],
    ['a field of insights', `${BIG}/insights`, { fields: 'impressions,video_play_actions' }],
    ['a breakdown', `${BIG}/insights`, { breakdowns: 'age' }],
    ['a breakdown of ads', `${BIG}/insights`, { level: 'ad', breakdowns: 'country' }],
    ['a filter', `${BIG}/campaigns`, { filtering: filter('adset.name', 'CONTAIN', 'x') }],
    ['an operator', `${BIG}/campaigns`, { filtering: filter('name', 'TOP', 'x') }],
  ])('but is not simulated says so plainly: %s', async (_what, path, parameters) => {
    expect(isNotSimulated(await get(path, parameters as Record<string, string>))).toBe(true);
  });
});

describe('ad sets and ads', () => {
  const of = (ids: string[]) => ({ field: 'campaign.id', operator: 'IN', value: ids });
  const whatever = (level: string) => ({
    field: `${level}.effective_status`,
    operator: 'IN',
    value: ['ACTIVE', 'PAUSED', 'DELETED', 'ARCHIVED', 'CAMPAIGN_PAUSED', 'ADSET_PAUSED', 'IN_PROCESS', 'WITH_ISSUES'],
  });

  it('have figures that add up to the campaign where those of deleted ones are asked for', async () => {
    const some = campaignsOf(BIG)
      .filter(({ impressions }) => impressions > 0)
      .slice(0, 40);
    const ids = some.map(({ id }) => id);
    const fields = 'campaign_id,adset_id,ad_id,ad_name,impressions,spend';
    const rowsOf = async (level: string, filtering: unknown[]) =>
      (await all(`${BIG}/insights`, { ...OCTOBER, level, fields, limit: '500', filtering: JSON.stringify(filtering) }))
        .items;
    const sum = (rows: any[]) => rows.reduce((total, row) => total + Number(row.impressions), 0);
    const whole = some.reduce((total, { impressions }) => total + impressions, 0);
    for (const level of ['adset', 'ad']) {
      expect(sum(await rowsOf(level, [of(ids), whatever(level)]))).toBe(whole);
      expect(sum(await rowsOf(level, [of(ids)]))).toBeLessThan(whole);
    }
  });

  it('are listed with what they belong to, deleted ones when asked for', async () => {
    const ids = campaignsOf(BIG)
      .map(({ id }) => id)
      .slice(0, 20);
    const lists = async (edge: string, more: object) =>
      (
        await all(`${BIG}/${edge}`, {
          fields: 'id,name,status,effective_status,campaign_id',
          limit: '50',
          filtering: JSON.stringify([of(ids)]),
          ...more,
        })
      ).items;
    for (const edge of ['adsets', 'ads']) {
      const shown = await lists(edge, {});
      const listed = await lists(edge, { effective_status: JSON.stringify(whatever(edge).value) });
      expect(shown.length).toBeGreaterThan(0);
      expect(shown).toEqual(listed.filter(({ status }) => status !== 'DELETED'));
      expect(listed.length).toBeGreaterThan(shown.length);
      for (const { campaign_id } of listed) expect(ids).toContain(campaign_id);
    }
  });

  it.each(['impression_device', 'country'])('are counted by %s', async (breakdowns) => {
    const { items } = await all(`${BIG}/insights`, { ...OCTOBER, breakdowns, fields: 'impressions', limit: '500' });
    const whole = campaignsOf(BIG).reduce((total, { impressions }) => total + impressions, 0);
    expect(items.reduce((total, { impressions }) => total + Number(impressions), 0)).toBe(whole);
    expect(items.map((item) => item[breakdowns])).toContain(breakdowns === 'country' ? 'US' : 'ipad');
  });
});

describe('insights worked out in the background', () => {
  const order = (parameters: Record<string, string>) =>
    postForm(`${simulator.url}/graph.facebook.com/v26.0/${BIG}/insights`, { access_token: token, ...parameters });
  const requested = { ...OCTOBER, level: 'campaign', fields: 'campaign_id,impressions' };

  it('are those of a call that waits, page by page', async () => {
    const { report_run_id: id } = (await order(requested)).body;
    expect((await get(`${id}/insights`)).body.error.code).toBe(2601);
    expect((await get(id, { fields: 'async_status' })).body).toEqual({ id, async_status: 'Job Running' });
    expect((await get(id)).body).toMatchObject({ async_status: 'Job Completed', async_percent_completion: 100 });
    const { items, pages } = await all(`${id}/insights`, { limit: '10' });
    expect(pages).toBeGreaterThan(1);
    expect(items).toEqual((await get(`${BIG}/insights`, { ...requested, limit: '500' })).body.data);
  });

  it('are visible to their owner only, and refused at once when invalid', async () => {
    const { report_run_id: id } = (await order(requested)).body;
    const other = await connectMeta(simulator, 'emil');
    expect((await graph(simulator, id, { access_token: other })).body.error.code).toBe(100);
    expect((await order({ ...requested, level: 'shoe' })).body.error.code).toBe(100);
    expect((await order({ ...requested, fields: '["impressions","spend"]' })).body).toEqual({
      report_run_id: expect.stringMatching(/^\d{19}$/),
    });
  });
});
