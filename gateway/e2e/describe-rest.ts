import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { resources } from '#gateway/rest/resources.js';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { readTrustedOperations } from '#schema/trusted-operations.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, type Transport } from './open-transport.js';
import { finishedReport, openKey, openMember, openTenant, type Tenant } from './tenant.js';

const operations = readTrustedOperations();
const days = 'startDate=2026-09-01&endDate=2026-09-07';
const range = { start: '2026-09-01', end: '2026-09-07' };
const password = 'correct horse battery';

interface Answer {
  status: number;
  headers: Headers;
  body: any;
  text: string;
}

/** Describes the REST resources of a platform with its subgraphs in this process, or over HTTP. */
export function describeRest(way: Transport): void {
  describe(`REST over the transport ${way}`, () => {
    let transport: OpenTransport;
    let anyone: Client;
    let tenant: Tenant;
    let accounts: {
      id: string;
      externalId: string;
      currency: string | null;
      timeZone: string;
      provider: { id: string };
    }[];

    const accountAt = (providerId: string) => {
      const found = accounts.find(({ provider }) => provider.id === providerId);
      if (!found) throw new Error(`There is no account at ${providerId}`);
      return found;
    };

    async function send(method: string, path: string, init: { headers?: Record<string, string>; body?: unknown } = {}) {
      const { headers = {}, body } = init;
      const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
      const response = await fetch(transport.url + path, {
        method,
        redirect: 'manual',
        headers: { ...json, ...headers },
        body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json');
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson && text ? JSON.parse(text) : undefined,
      } as Answer;
    }
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    /** As the owner; keys may not do everything. */
    const own = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      send(method, path, { headers: { ...bearer(tenant.accessToken), ...headers }, body });
    const get = (path: string, headers: Record<string, string> = {}) => own('GET', path, undefined, headers);

    beforeAll(async () => {
      transport = await openTransport(way, {
        RATE_LIMIT_SIGNED_IN: '5000',
        RATE_LIMIT_ANONYMOUS: '1000',
        RATE_LIMIT_SIGN_IN: '5',
      });
      anyone = new Client(transport.url);
      tenant = await openTenant(anyone, 'Ada');
      for (const providerId of ['search-console', 'google-analytics', 'business-profile', 'linkedin-ads', 'x']) {
        expect((await tenant.client.connect(providerId)).status).toBe(200);
      }
      const { data } = await tenant.client.ask(
        '{ organization { accounts { id externalId currency timeZone status provider { id } } } }',
      );
      accounts = data.organization.accounts.filter(({ status }: { status: string }) => status === 'ACTIVE');
    });
    afterAll(() => transport.close());

    itInDrills('answers every resource of the table', async () => {
      const { client: other } = await anyone.signUp('Grace');
      const member = await openMember(transport, tenant, 'VIEWER');
      const memberId = member.identity.userId as string;
      const leaver = await openMember(transport, tenant, 'VIEWER');
      await databaseRows(transport, 'UPDATE auth.person SET email_verified_at = now() WHERE id = $1', [tenant.userId]);
      const ads = accountAt('google-ads');
      const at = (path: string, place: Record<string, string> = {}) =>
        path.replace(/\{(\w+)\}/g, (_all, name) => place[name] ?? `no ${name}`);
      const email = `${randomUUID()}@example.com`;
      const created: Record<string, string> = {};
      // In the order of the table, unless one needs another.
      const requests: Record<string, () => Promise<Answer>> = {
        'POST /api/auth/signup': () =>
          send('POST', '/api/auth/signup', { body: { name: 'Ida', email, password, companyName: 'Ida & Co' } }),
        'POST /api/auth/login': () => send('POST', '/api/auth/login', { body: { email, password } }),
        'POST /api/auth/login/complete': () =>
          send('POST', '/api/auth/login/complete', { body: { challenge: 'none', code: '123456' } }),
        'POST /api/auth/signup/complete': () =>
          send('POST', '/api/auth/signup/complete', { body: { token: 'none', password } }),
        'POST /api/auth/refresh': () =>
          send('POST', '/api/auth/refresh', { body: { refreshToken: created.refreshToken } }),
        'POST /api/auth/password-reset': () => send('POST', '/api/auth/password-reset', { body: { email } }),
        'POST /api/auth/switch-organization': () =>
          own('POST', '/api/auth/switch-organization', { organizationId: tenant.organizationId }),
        'DELETE /api/user/sessions/{sessionId}': () => own('DELETE', `/api/user/sessions/${randomUUID()}`),
        'DELETE /api/user/sessions': () => send('DELETE', '/api/user/sessions', { headers: other.headers }),
        'POST /api/auth/logout': () => send('POST', '/api/auth/logout', { headers: bearer(created.accessToken ?? '') }),
        'POST /api/organizations': () => own('POST', '/api/organizations', { name: 'Another' }),
        'PATCH /api/organization': () => own('PATCH', '/api/organization', { name: 'Engines' }),
        'DELETE /api/organization/deletion': () => own('DELETE', '/api/organization/deletion'),
        'PUT /api/organization/two-factor': () => own('PUT', '/api/organization/two-factor', { isRequired: false }),
        'DELETE /api/user/memberships/{organizationId}': () =>
          send('DELETE', `/api/user/memberships/${tenant.organizationId}`, { headers: leaver.client.headers }),
        'PUT /api/organization/members/{userId}/clients': () =>
          own('PUT', `/api/organization/members/${memberId}/clients`, { clientIds: [tenant.clientId] }),
        'DELETE /api/organization/members/{userId}/clients': () =>
          own('DELETE', `/api/organization/members/${memberId}/clients`),
        'PUT /api/organization/members/{userId}/rights': () =>
          own('PUT', `/api/organization/members/${memberId}/rights`, { rights: ['BILLING'] }),
        'PATCH /api/organization/members/{userId}': () =>
          own('PATCH', `/api/organization/members/${memberId}`, { role: 'ANALYST' }),
        'DELETE /api/organization/members/{userId}/two-factor': () =>
          own('DELETE', `/api/organization/members/${memberId}/two-factor`),
        'DELETE /api/organization/members/{userId}': () => own('DELETE', `/api/organization/members/${memberId}`),
        'POST /api/organization/invitations': () =>
          own('POST', '/api/organization/invitations', { email: `${randomUUID()}@example.com`, role: 'VIEWER' }),
        'POST /api/organization/invitations/{invitationId}/resend': () =>
          own('POST', `/api/organization/invitations/${created.invitationId}/resend`),
        'DELETE /api/organization/invitations/{invitationId}': () =>
          own('DELETE', `/api/organization/invitations/${created.invitationId}`),
        'DELETE /api/api-keys/{apiKeyId}': () => own('DELETE', `/api/api-keys/${randomUUID()}`),
        'GET /api/oauth/{provider}/authorize': () => get('/api/oauth/google-ads/authorize'),
        'POST /api/oauth/complete': async () => {
          const code = await tenant.client.receive(await tenant.client.consent('meta-ads'));
          return own('POST', '/api/oauth/complete', { code });
        },
        'POST /api/connections/{connectionId}/check': () =>
          own('POST', `/api/connections/${tenant.connectionId}/check`),
        'POST /api/oauth/disconnect': () =>
          own('POST', '/api/oauth/disconnect', { connectionId: created.metaConnectionId }),
        'GET /api/connections/{id}': () => get(`/api/connections/${tenant.connectionId}`),
        'GET /api/accounts/{id}': () => get(`/api/accounts/${ads.externalId}?provider=google-ads`),
        'POST /api/accounts/{accountId}/history/backfill': () =>
          own('POST', `/api/accounts/${ads.id}/history/backfill`, { from: '2026-08-01' }),
        'POST /api/accounts/{accountId}/history/refresh': () =>
          own('POST', `/api/accounts/${ads.id}/history/refresh`, { startDate: '2000-01-01', endDate: '2000-01-02' }),
        'PUT /api/accounts/{accountId}/history/restated-days': () =>
          own('PUT', `/api/accounts/${ads.id}/history/restated-days`, { days: null }),
        'DELETE /api/accounts/{accountId}/history/backfill': () =>
          own('DELETE', `/api/accounts/${ads.id}/history/backfill`),
        'POST /api/clients': () => own('POST', '/api/clients', { name: 'Bakery', accountIds: [ads.id] }),
        'GET /api/clients/{id}': () => get(`/api/clients/${created.clientId}`),
        'PATCH /api/clients/{id}': () =>
          own('PATCH', `/api/clients/${created.clientId}`, { version: 1, name: 'Baker' }),
        'POST /api/clients/{clientId}/archive': () => own('POST', `/api/clients/${created.clientId}/archive`),
        'POST /api/clients/{clientId}/restore': () => own('POST', `/api/clients/${created.clientId}/restore`),
        'DELETE /api/clients/{id}': () => own('DELETE', `/api/clients/${created.clientId}`),
        'GET /api/search': () => get('/api/search?text=a'),
        'POST /api/annotations': () =>
          own('POST', '/api/annotations', { startDate: '2026-09-01', endDate: '2026-09-02', text: 'Site down' }),
        'PATCH /api/annotations/{annotationId}': () =>
          own('PATCH', `/api/annotations/${created.annotationId}`, { version: 1, text: 'Site was down' }),
        'DELETE /api/annotations/{annotationId}': () => own('DELETE', `/api/annotations/${created.annotationId}`),
        'POST /api/saved-views': () =>
          own('POST', '/api/saved-views', { name: 'Channels', performance: { groupBy: ['PROVIDER'] } }),
        'GET /api/saved-views/{id}': () => get(`/api/saved-views/${created.viewId}`),
        'PATCH /api/saved-views/{id}': () =>
          own('PATCH', `/api/saved-views/${created.viewId}`, { version: 1, isShared: true }),
        'DELETE /api/saved-views/{id}': () => own('DELETE', `/api/saved-views/${created.viewId}`),
        'PUT /api/budgets': () =>
          own('PUT', '/api/budgets', {
            accountId: ads.id,
            month: '2026-10-01',
            amount: { amount: '1000', currency: ads.currency },
          }),
        'POST /api/alert-rules': () => own('POST', '/api/alert-rules', { kind: 'NOTHING_SPENT', name: 'Silence' }),
        'PATCH /api/alert-rules/{id}': () =>
          own('PATCH', `/api/alert-rules/${created.ruleId}`, { name: 'Nothing spent' }),
        'DELETE /api/alert-rules/{id}': () => own('DELETE', `/api/alert-rules/${created.ruleId}`),
        'POST /api/alerts/{alertId}/acknowledge': () => own('POST', `/api/alerts/${randomUUID()}/acknowledge`),
        'POST /api/alerts/{alertId}/mute': () => own('POST', `/api/alerts/${randomUUID()}/mute`),
        'GET /api/campaigns': () => get(`/api/campaigns?${days}`),
        'GET /api/campaigns/{id}': () => get(`/api/campaigns/${tenant.campaignId}?${days}`),
        'GET /api/campaigns/{id}/ad-groups': () => get(`/api/campaigns/${tenant.campaignId}/ad-groups?${days}`),
        'GET /api/campaigns/{id}/ads': () => get(`/api/campaigns/${tenant.campaignId}/ads?${days}`),
        'GET /api/campaigns/{id}/keywords': () => get(`/api/campaigns/${tenant.campaignId}/keywords?${days}`),
        'GET /api/google/ads/campaigns': () => get(`/api/google/ads/campaigns?accountId=${ads.externalId}&${days}`),
        'GET /api/performance/explanation': () => get(`/api/performance/explanation?metric=cost&${days}`),
        'GET /api/annotations': () => get(`/api/annotations?${days}`),
        'GET /api/meta/campaigns': () => get(`/api/meta/campaigns?${days}`),
        'GET /api/linkedin/campaigns': () => get(`/api/linkedin/campaigns?${days}`),
        'GET /api/accounts/{accountId}/daily-metrics': () => get(`/api/accounts/${ads.id}/daily-metrics?${days}`),
        'GET /api/google/search/queries': () =>
          get(
            `/api/google/search/queries?siteUrl=${encodeURIComponent(accountAt('search-console').externalId)}&${days}`,
          ),
        'GET /api/google/analytics/events': () =>
          get(`/api/google/analytics/events?propertyId=${accountAt('google-analytics').externalId}&${days}`),
        'GET /api/google/analytics/report': () =>
          get(
            `/api/google/analytics/report?propertyId=${accountAt('google-analytics').id}&dimension=date&metric=sessions&metric=totalRevenue&${days}`,
          ),
        'GET /api/google/gmb/locations': () =>
          get(`/api/google/gmb/locations?accountId=${accountAt('business-profile').id}`),
        'GET /api/google/gmb/insights': () =>
          get(`/api/google/gmb/insights?accountId=${accountAt('business-profile').externalId}&${days}&limit=1`),
        'GET /api/x/tweets': () => get(`/api/x/tweets?accountId=${accountAt('x').externalId}&${days}`),
        'POST /api/reports/generate': () =>
          own('POST', '/api/reports/generate', { templateId: 'campaign-performance', period: 'last_7d' }),
        'GET /api/reports/{id}': () => get(`/api/reports/${tenant.reportId}`),
        'GET /api/branding': () => get('/api/branding'),
        'PATCH /api/branding': () => own('PATCH', '/api/branding', { footer: 'Harbour Agency · 品牌' }),
        'DELETE /api/branding/logo': () => own('DELETE', '/api/branding/logo'),
        'DELETE /api/branding': () => own('DELETE', '/api/branding'),
        'GET /api/client-brandings': () => get('/api/client-brandings'),
        'PATCH /api/clients/{clientId}/branding': () =>
          own('PATCH', `/api/clients/${tenant.clientId}/branding`, { language: 'ar' }),
        'DELETE /api/clients/{clientId}/logo': () => own('DELETE', `/api/clients/${tenant.clientId}/logo`),
        'DELETE /api/clients/{clientId}/branding': () => own('DELETE', `/api/clients/${tenant.clientId}/branding`),
        'POST /api/reports/{id}/shares': () => own('POST', `/api/reports/${tenant.reportId}/shares`, { days: 7 }),
        'DELETE /api/report-shares/{shareId}': () => own('DELETE', `/api/report-shares/${created.shareId}`),
        'PUT /api/report-summary': () => own('PUT', '/api/report-summary', { isWordedByModel: false }),
        'POST /api/report-schedules': () =>
          own('POST', '/api/report-schedules', {
            templateId: 'campaign-performance',
            recurrence: { every: 'MONTHLY', day: 31 },
            recipients: [`first-${randomUUID()}@shop.example`],
          }),
        'GET /api/report-schedules/{id}': () => get(`/api/report-schedules/${created.scheduleId}`),
        'PATCH /api/report-schedules/{id}': () =>
          own('PATCH', `/api/report-schedules/${created.scheduleId}`, { version: 1, name: 'Month' }),
        'POST /api/report-schedules/{id}/recipients': () =>
          own('POST', `/api/report-schedules/${created.scheduleId}/recipients`, {
            email: `b-${randomUUID()}@shop.example`,
          }),
        'DELETE /api/report-schedules/{id}/recipients/{recipientId}': () =>
          own('DELETE', `/api/report-schedules/${created.scheduleId}/recipients/${created.recipientId}`),
        'POST /api/report-schedules/{id}/skip': () => own('POST', `/api/report-schedules/${created.scheduleId}/skip`),
        'POST /api/report-schedules/{id}/run': () => own('POST', `/api/report-schedules/${created.scheduleId}/run`),
        'POST /api/report-schedules/{id}/pause': () => own('POST', `/api/report-schedules/${created.scheduleId}/pause`),
        'POST /api/report-schedules/{id}/resume': () =>
          own('POST', `/api/report-schedules/${created.scheduleId}/resume`),
        'GET /api/report-schedules/{id}/deliveries': () =>
          get(`/api/report-schedules/${created.scheduleId}/deliveries`),
        'POST /api/report-deliveries/{id}/approve': () => own('POST', `/api/report-deliveries/${randomUUID()}/approve`),
        'POST /api/report-deliveries/{id}/reject': () => own('POST', `/api/report-deliveries/${randomUUID()}/reject`),
        'DELETE /api/report-schedules/{id}': () => own('DELETE', `/api/report-schedules/${created.scheduleId}`),
        'GET /api/reports/{id}/sections/{section}/rows': () =>
          get(`/api/reports/${tenant.reportId}/sections/performance/rows?limit=2`),
        'POST /api/report-templates': () => own('POST', '/api/report-templates', { name: 'Ours' }),
        'PATCH /api/report-templates/{templateId}': () =>
          own('PATCH', `/api/report-templates/${created.templateId}`, { version: 1, name: 'Renamed' }),
        'DELETE /api/report-templates/{templateId}': () => own('DELETE', `/api/report-templates/${created.templateId}`),
        'POST /api/reports/{id}/cancel': () => own('POST', `/api/reports/${tenant.reportId}/cancel`),
        'POST /api/reports/{id}/retry': () => own('POST', `/api/reports/${tenant.reportId}/retry`),
        'PUT /api/organization/limits/{limit}/kept': () =>
          own('PUT', '/api/organization/limits/CLIENTS/kept', { ids: [tenant.clientId] }),
        'GET /api/organization/subscription/preview': () => get('/api/organization/subscription/preview?planId=free'),
        'POST /api/organization/subscription/checkout': () =>
          own('POST', '/api/organization/subscription/checkout', { planId: 'pro' }),
        'POST /api/organization/subscription/portal': () => own('POST', '/api/organization/subscription/portal'),
        'PUT /api/organization/subscription/plan': () =>
          own('PUT', '/api/organization/subscription/plan', { planId: 'free' }),
        'POST /api/organization/subscription/cancel': () => own('POST', '/api/organization/subscription/cancel'),
        'POST /api/organization/subscription/resume': () => own('POST', '/api/organization/subscription/resume'),
        'POST /api/organization/subscription/pause': () => own('POST', '/api/organization/subscription/pause'),
        'PUT /api/organization/subscription/promotion-code': () =>
          own('PUT', '/api/organization/subscription/promotion-code', { code: 'SPRING20' }),
        'DELETE /api/reports/{id}': () => own('DELETE', `/api/reports/${created.reportId}`),
      };
      const remember = (key: string, { body, status }: Answer) => {
        if (key === 'POST /api/auth/login') Object.assign(created, { refreshToken: body.data.refreshToken });
        if (key === 'POST /api/auth/refresh') Object.assign(created, { accessToken: body.data.accessToken });
        if (key === 'POST /api/organization/invitations') created.invitationId = body.data.id;
        if (key === 'POST /api/oauth/complete' && status === 201) created.metaConnectionId = body.data.id;
        if (key === 'POST /api/clients') created.clientId = body.data.id;
        if (key === 'POST /api/alert-rules') created.ruleId = body.data.id;
        if (key === 'POST /api/annotations') created.annotationId = body.data.id;
        if (key === 'POST /api/reports/{id}/shares') created.shareId = body.data.share.id;
        if (key === 'POST /api/report-schedules') created.scheduleId = body.data.id;
        if (key === 'POST /api/report-schedules/{id}/recipients') created.recipientId = body.data.id;
        if (key === 'POST /api/saved-views') created.viewId = body.data.id;
        if (key === 'POST /api/report-templates') created.templateId = body.data.id;
        if (key === 'POST /api/reports/generate') created.reportId = body.data.id;
      };
      const byKey = new Map(resources.map((resource) => [`${resource.method} ${resource.path}`, resource]));
      const ordered = [
        ...Object.keys(requests),
        ...[...byKey.keys()].filter((key) => !(key in requests) && key.startsWith('GET') && !key.includes('{')),
        'POST /api/user/email-verification',
        'POST /api/user/data-exports',
        'DELETE /api/user/sessions/others',
      ];
      expect([...byKey.keys()].filter((key) => !key.includes('webhook') && !ordered.includes(key))).toEqual([]);
      // What cannot succeed here is refused by its own rule.
      const refused: Record<string, string> = {
        'POST /api/auth/login/complete': '401 UNAUTHENTICATED',
        'POST /api/auth/signup/complete': '400 BAD_USER_INPUT',
        'POST /api/auth/switch-organization': '409 CONFLICT',
        'DELETE /api/user/sessions/{sessionId}': '404 NOT_FOUND',
        'DELETE /api/organization/deletion': '409 CONFLICT',
        'DELETE /api/organization/members/{userId}/two-factor': '409 CONFLICT',
        'POST /api/organization/invitations/{invitationId}/resend': '429 RATE_LIMITED',
        'POST /api/user/email-verification': '409 CONFLICT',
        'DELETE /api/api-keys/{apiKeyId}': '404 NOT_FOUND',
        'POST /api/alerts/{alertId}/acknowledge': '404 NOT_FOUND',
        'POST /api/alerts/{alertId}/mute': '404 NOT_FOUND',
        'POST /api/report-deliveries/{id}/approve': '404 NOT_FOUND',
        'POST /api/report-deliveries/{id}/reject': '404 NOT_FOUND',
        'POST /api/organization/subscription/cancel': '409 CONFLICT',
        'POST /api/organization/subscription/resume': '409 CONFLICT',
        'POST /api/organization/subscription/pause': '409 CONFLICT',
        'PUT /api/organization/subscription/promotion-code': '409 CONFLICT',
        'POST /api/reports/{id}/cancel': '409 CONFLICT',
        'POST /api/reports/{id}/retry': '409 CONFLICT',
        'POST /api/accounts/{accountId}/history/refresh': '403 LIMIT_REACHED',
      };
      const outcomes: Record<string, string> = {};
      const expected: Record<string, string> = {};
      for (const key of ordered) {
        const resource = byKey.get(key);
        if (!resource) throw new Error(`There is no resource ${key}`);
        const answer = await (requests[key] ?? (() => own(resource.method, at(resource.path))))();
        if (answer.status < 300) remember(key, answer);
        const { status, headers, body } = answer;
        outcomes[key] = body?.code ? `${status} ${body.code}` : String(status);
        expected[key] = refused[key] ?? String(resource.status ?? 200);
        if (status < 300) {
          if (status !== 204) expect([key, body]).toEqual([key, expect.objectContaining({ data: expect.anything() })]);
          expect([key, headers.has('location')]).toEqual([key, resource.location !== undefined]);
          if (status !== 204) expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
          expect([key, Number(headers.get('x-cost'))]).toEqual([key, expect.any(Number)]);
          expect(headers.get('ratelimit-limit')).not.toBeNull();
          expect(headers.get('cache-control')).toBe(headers.has('etag') ? 'private, no-cache' : 'no-store');
        } else expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
        expect(headers.get('x-request-id')).toBeTruthy();
      }
      expect(outcomes).toEqual(expected);
    });

    describe('gives what GraphQL gives', () => {
      it('about campaigns, whichever way their account is named', async () => {
        const ads = accountAt('google-ads');
        const { text } = operations.get('ListCampaigns') ?? { text: '' };
        const variables = { range, providers: ['google-ads'], accountIds: [ads.id], first: 2 };
        const { data } = await tenant.client.ask(text, variables);
        const { edges, pageInfo, ...rest } = data.organization.campaigns;
        const written = ads.externalId.replace(/^(...)(...)/, '$1-$2-');
        for (const accountId of [ads.id, ads.externalId, written]) {
          const { body } = await get(`/api/google/ads/campaigns?accountId=${accountId}&${days}&limit=2`);
          expect(body).toEqual({ data: edges.map(({ node }: any) => node), page: pageInfo, ...rest });
          expect(body.data.length).toBeGreaterThan(0);
        }
      });

      it('about a site, with and without its last slash', async () => {
        const site = accounts.find(({ externalId }) => /^https:.*\/$/.test(externalId));
        if (!site) throw new Error('There is no site with an address');
        const { text } = operations.get('ListSearchQueries') ?? { text: '' };
        const { data } = await tenant.client.ask(text, { filter: { accountIds: [site.id] }, range, first: 3 });
        const expected = data.organization.searchQueries.edges.map(({ node }: any) => node);
        expect(expected.length).toBe(3);
        for (const siteUrl of [site.id, site.externalId, site.externalId.slice(0, -1)]) {
          const { body } = await get(
            `/api/google/search/queries?siteUrl=${encodeURIComponent(siteUrl)}&${days}&first=3`,
          );
          expect(body.data).toEqual(expected);
        }
      });

      it('about the days of a period, in the time zone of the account', async () => {
        const ads = accountAt('google-ads');
        const { data } = await tenant.client.ask(
          'query ($ids: [ID!]) { organization { days(period: LAST_7_DAYS, accountIds: $ids) { start end } } }',
          { ids: [ads.id] },
        );
        const { start, end } = data.organization.days;
        const path = `/api/google/ads/campaigns?accountId=${ads.externalId}&limit=1`;
        const byPeriod = await get(`${path}&period=last_7d`);
        const byDays = await get(`${path}&startDate=${start}&endDate=${end}`);
        expect(byPeriod.body).toEqual(byDays.body);
        const next = /<([^>]+)>; rel="next"/.exec(byPeriod.headers.get('link') ?? '')?.[1] ?? '';
        expect(new URL(next).searchParams.get('startDate')).toBe(start);
        expect(new URL(next).searchParams.has('period')).toBe(false);
      });

      it('compared over a period, as the graph compares it', async () => {
        const { text } = operations.get('GetPerformance') ?? { text: '' };
        const groupBy = ['PROVIDER', 'MONTH'];
        const filter = { providers: ['google-ads', 'meta-ads'], status: ['ACTIVE'] };
        const orderBy = { metric: 'CLICKS', value: 'CHANGE', direction: 'ASC' };
        const given = { period: 'THIS_MONTH', compareTo: 'PREVIOUS_PERIOD', groupBy, filter, orderBy };
        const { data } = await tenant.client.ask(text, given);
        const { edges, pageInfo, ...rest } = data.organization.performance;
        const words = 'period=this_month&compareTo=previous_period&groupBy=provider,month&status=active';
        const order = 'orderBy=clicks&orderValue=change&direction=asc';
        const { body } = await get(`/api/performance?${words}&provider=google-ads&provider=meta-ads&${order}`);
        expect(body).toEqual({ data: edges.map(({ node }: any) => node), page: pageInfo, ...rest });
        expect(body.data.length).toBeGreaterThan(1);
        expect([body.range.start.slice(8), body.compared.start.slice(8)]).toEqual(['01', '01']);
        const byDays = await get(`/api/performance?${days}&compareStartDate=2026-08-01&compareEndDate=2026-08-07`);
        expect(byDays.body).toMatchObject({ range, compared: { start: '2026-08-01', end: '2026-08-07' } });
        const explained = await get(
          `/api/performance/explanation?period=this_month&status=active&metric=clicks&provider=google-ads&currency=EUR`,
        );
        const [total] = explained.body.data.totals;
        expect(total.currency).toBe('EUR');
        const codes = total.explain.map((finding: any) => finding.code);
        expect(codes).toEqual(expect.arrayContaining(['ACCOUNT_TIME_ZONE', 'FILTERED', 'PROVIDER_SCREEN']));
        expect((await get('/api/performance?fields=currency,metrics.clicks')).body.data[0]).toEqual({
          currency: expect.any(String),
          metrics: { clicks: expect.any(Number) },
        });
      });

      it('page by page, by the links', async () => {
        const all = (await get(`/api/campaigns?${days}&limit=1000`)).body;
        const seen: unknown[] = [];
        let next: string | undefined = `/api/campaigns?${days}&limit=40`;
        while (next) {
          const answer: Answer = await get(next);
          seen.push(...answer.body.data);
          expect(answer.headers.get('link')).toContain('rel="first"');
          next = /<[^>]+?(\/api[^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
          expect(next !== undefined).toBe(answer.body.page.hasNextPage);
        }
        expect(seen).toEqual(all.data);
        expect(seen).toHaveLength(all.totalCount);
      });

      it('with a selection of fields, which costs less', async () => {
        const whole = await get(`/api/campaigns?${days}`);
        const part = await get(`/api/campaigns?${days}&fields=name,metrics.clicks`);
        expect(part.body.data).toEqual(
          whole.body.data.map(({ name, metrics }: any) => ({ name, metrics: { clicks: metrics.clicks } })),
        );
        expect(part.body.totals).toEqual(whole.body.totals);
        expect(Number(part.headers.get('x-cost'))).toBeLessThan(Number(whole.headers.get('x-cost')));
        const places = `/api/google/gmb/insights?accountId=${accountAt('business-profile').id}&${days}`;
        expect((await get(`${places}&fields=place.name`)).body.data[0]).toEqual({
          place: { name: expect.any(String) },
        });
        const wrong = await get(`/api/campaigns?${days}&fields=nme,metrics.click,name.first`);
        expect([wrong.status, wrong.body.details.map(({ problem }: any) => problem)]).toEqual([
          400,
          [
            'names "name", which has no fields',
            'names "nme", which is unknown: did you mean "name"?',
            'names "metrics.click", which is unknown: did you mean "clicks"?',
          ],
        ]);
      });

      it('as CSV, in either way', async () => {
        const file = await (await fetch(tenant.downloadUrl)).text();
        const asCsv = { accept: 'text/csv' };
        const read = await get(`/api/reports/${tenant.reportId}`, asCsv);
        const exported = await own('POST', '/api/reports/export', { reportId: tenant.reportId, format: 'csv' });
        for (const { status, headers, text } of [read, exported]) {
          expect([status, headers.get('content-type'), text]).toEqual([200, 'text/csv; charset=utf-8', file]);
          expect(headers.get('content-disposition')).toMatch(
            /^attachment; filename=".+\.csv"; filename\*=UTF-8''.+\.csv$/,
          );
        }
        expect((await get(`/api/reports/${tenant.reportId}`, { accept: 'text/csv;q=0.5, */*' })).body.data.id).toBe(
          tenant.reportId,
        );
        const wrong = await own('POST', '/api/reports/export', { reportID: tenant.reportId, format: 'docx' });
        expect([wrong.status, wrong.body.details.map(({ argument }: any) => argument)]).toEqual([
          400,
          ['reportID', 'reportId', 'format'],
        ]);
        expect(await own('POST', '/api/reports/export', { reportId: randomUUID() })).toMatchObject({ status: 404 });
      });

      it('a report from the order to its rows', async () => {
        const body = { templateId: 'campaign-performance', startDate: range.start, endDate: range.end };
        const ordered = await own('POST', '/api/reports/generate', body, { 'idempotency-key': 'a-report' });
        expect([ordered.status, ordered.body.data.range]).toEqual([202, range]);
        const again = await own('POST', '/api/reports/generate', body, { 'idempotency-key': 'a-report' });
        expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([ordered.body, 'true']);
        const location = ordered.headers.get('location') ?? '';
        const { id } = ordered.body.data;
        expect(location).toBe(`/api/reports/${id}`);
        await finishedReport(tenant.client, id);
        expect((await get(location)).body.data).toMatchObject({ id, status: 'READY', progress: 100 });
        const path = `${location}/sections/performance-2/rows`;
        expect((await get(`${path}?limit=1`)).body.data).toHaveLength(1);
        await databaseRows(transport, "UPDATE reporting.report SET status = 'RUNNING' WHERE id = $1", [id]);
        const rows = await get(path);
        expect([rows.status, rows.body.code, rows.headers.get('retry-after')]).toEqual([409, 'CONFLICT', '5']);
      });
    });

    it('takes the logo of reports as a picture, and sends it as PNG', async () => {
      const shape = (colour: string) =>
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><rect width="2" height="1" fill="${colour}"/></svg>`;
      const put = (path: string, body: string | Buffer, headers: Record<string, string> = bearer(tenant.accessToken)) =>
        fetch(transport.url + path, { method: 'PUT', headers: { 'content-type': 'image/png', ...headers }, body });
      const ofClient = `/api/clients/${tenant.clientId}/logo`;
      for (const [path, colour] of [
        ['/api/branding/logo', 'red'],
        [ofClient, 'blue'],
      ] as const) {
        const answer = await put(path, shape(colour));
        const { data } = (await answer.json()) as any;
        expect([answer.status, data.logo.width, data.logo.height]).toEqual([200, 1024, 512]);
        const read = await fetch(data.logo.url, { headers: bearer(tenant.accessToken) });
        const bytes = Buffer.from(await read.arrayBuffer());
        expect([read.status, read.headers.get('content-type')]).toEqual([200, 'image/png']);
        expect(bytes.subarray(1, 4).toString()).toBe('PNG');
        const tag = read.headers.get('etag') ?? '';
        expect(tag).toBe(`"${data.logo.hash}"`);
        expect(await get(path, { 'if-none-match': tag })).toMatchObject({ status: 304 });
      }
      const refusals = await Promise.all([
        put('/api/branding/logo', 'GIF89a'),
        put('/api/branding/logo', ''),
        put('/api/branding/logo', Buffer.alloc(10_000_000)),
        put('/api/branding/logo', shape('red'), {}),
        put('/api/branding/logo', shape('red'), bearer(tenant.apiKey)),
        put(`/api/clients/${randomUUID()}/logo`, shape('red')),
        fetch(`${transport.url}/api/branding/logo`),
        fetch(`${transport.url}/api/clients/${randomUUID()}/logo`, { headers: bearer(tenant.accessToken) }),
      ]);
      expect(refusals.map(({ status }) => status)).toEqual([400, 400, 413, 401, 403, 404, 401, 404]);
      expect(await refusals[0]?.json()).toMatchObject({ code: 'BAD_USER_INPUT' });
      for (const path of ['/api/branding/logo', ofClient]) {
        expect(await own('DELETE', path)).toMatchObject({ status: 204 });
        expect(await get(path)).toMatchObject({ status: 404 });
      }
    });

    it('says what has not changed', async () => {
      const path = `/api/google/ads/campaigns?${days}`;
      const first = await get(path);
      const tag = first.headers.get('etag') ?? '';
      expect(tag).toMatch(/^"[\w-]+"$/);
      for (const names of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
        const { status, text, headers } = await get(path, { 'if-none-match': names });
        expect([status, text, headers.get('etag')]).toEqual([304, '', tag]);
      }
      expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200);
      expect((await get(path, { 'accept-encoding': 'identity' })).headers.get('etag')).not.toBe(tag);
      const vary = first.headers.get('vary')?.toLowerCase().split(/, */);
      expect(vary).toEqual(expect.arrayContaining(['authorization', 'x-api-key', 'accept', 'accept-encoding']));
      const head = await own('HEAD', path);
      expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', tag]);
    });

    it('leads to the consent page', async () => {
      const asked = await get('/api/oauth/google-ads/authorize');
      expect(asked.body.data.authorizeUrl).toMatch(/^http/);
      const redirected = await get('/api/oauth/google-ads/authorize?redirect=true');
      expect([redirected.status, redirected.headers.get('location')]).toEqual([
        303,
        expect.stringMatching(/^http.*state=/),
      ]);
      expect(redirected.headers.get('cache-control')).toBe('no-store');
      const back = await tenant.client.consent('google-ads');
      const { pathname, search } = new URL(back);
      const received = await fetch(`${transport.url}/api${pathname}${search}`);
      expect([received.status, await received.json()]).toEqual([
        200,
        { consent: expect.anything(), code: expect.any(String) },
      ]);
    });

    it('leaves a part that fails null, and says why', async () => {
      const { client } = await openKey(transport, anyone, tenant, ['read:connections', 'read:reports']);
      const read = (path: string) => send('GET', path, { headers: client.headers });
      const partial = await read(`/api/accounts/${accountAt('google-ads').id}`);
      expect(partial.status).toBe(200);
      expect(partial.body.data).toMatchObject({ id: accountAt('google-ads').id, history: null });
      expect(partial.body.errors).toEqual([
        expect.objectContaining({
          status: 403,
          code: 'FORBIDDEN',
          requiredScope: 'read:campaigns',
          requestId: partial.headers.get('x-request-id'),
          path: ['account', 'history'],
        }),
      ]);
      const none = await read(`/api/campaigns?${days}`);
      expect(none.status).toBe(403);
      expect(none.body).toEqual({
        type: 'urn:webmetrics:error:FORBIDDEN',
        title: 'Forbidden',
        status: 403,
        detail: 'This API key needs the scope read:campaigns.',
        instance: '/api/campaigns',
        code: 'FORBIDDEN',
        requiredScope: 'read:campaigns',
        requestId: none.headers.get('x-request-id'),
      });
    });

    describe('takes credentials', () => {
      const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

      it('as Bearer, X-API-Key or the user of Basic, one at a time', async () => {
        const ways = [bearer(tenant.apiKey), { 'x-api-key': tenant.apiKey }, basic(`${tenant.apiKey}:`)];
        for (const headers of ways) {
          expect((await send('GET', '/api/organization', { headers })).body.data.id).toBe(tenant.organizationId);
          expect((await anyone.with(headers).ask('{ organization { id } }')).data.organization.id).toBe(
            tenant.organizationId,
          );
        }
        const refused = [
          { ...bearer(tenant.accessToken), 'x-api-key': tenant.apiKey },
          basic(`${tenant.apiKey}:password`),
          basic('ada@example.com:password'),
          bearer('wm_live_invented'),
          bearer('none'),
        ];
        for (const headers of refused) {
          const { status, body, headers: answered } = await send('GET', '/api/organization', { headers });
          expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
          expect(answered.get('www-authenticate')).toContain('Bearer realm="WebMetrics"');
        }
        expect((await send('GET', '/api/user', { headers: bearer(tenant.apiKey) })).body).toMatchObject({
          status: 403,
          code: 'FORBIDDEN',
        });
        const anonymous = await send('GET', `/api/campaigns?${days}`);
        expect([anonymous.status, anonymous.body.code]).toEqual([401, 'UNAUTHENTICATED']);
      });

      it('until they expire', async () => {
        const { client, identity } = await openKey(transport, anyone, tenant, ['read:billing']);
        await databaseRows(
          transport,
          "UPDATE auth.api_key_secret SET valid_until = now() - interval '1 day' WHERE api_key_id = $1",
          [identity.apiKeyId],
        );
        const { status, body } = await send('GET', '/api/plans', { headers: client.headers });
        expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
      });

      it('of another organization, to which everything here is unknown', async () => {
        const { client } = await anyone.signUp('Grace');
        const ads = accountAt('google-ads');
        for (const path of [
          `/api/connections/${tenant.connectionId}`,
          `/api/accounts/${ads.id}`,
          `/api/accounts/${ads.externalId}?provider=google-ads`,
          `/api/google/ads/campaigns?accountId=${ads.id}&${days}`,
          `/api/google/ads/campaigns?accountId=${ads.externalId}&${days}`,
          `/api/google/ads/campaigns?accountId=${ads.externalId}&period=last_7d`,
          `/api/google/search/queries?siteUrl=${encodeURIComponent(accountAt('search-console').externalId)}&${days}`,
          `/api/clients/${tenant.clientId}`,
          `/api/reports/${tenant.reportId}`,
        ]) {
          const { status, body } = await send('GET', path, { headers: client.headers });
          expect([path, status, body.code]).toEqual([path, 404, 'NOT_FOUND']);
        }
        // A zero character is in no id.
        for (const path of ['/api/accounts/%00?provider=google-ads', '/api/accounts/1?provider=%00']) {
          expect([path, (await get(path)).status]).toEqual([path, 404]);
        }
        // At another provider it is unknown, too.
        const elsewhere = await get(`/api/google/analytics/events?propertyId=${ads.id}&${days}`);
        expect([elsewhere.status, elsewhere.body.code]).toEqual([404, 'NOT_FOUND']);
      });

      it('in exchange for a password and the code of an app', async () => {
        const email = `${randomUUID()}@example.com`;
        const signedUp = await send('POST', '/api/auth/signup', {
          body: { name: 'Joan', email, password, companyName: 'Engines' },
        });
        const joan = anyone.as(signedUp.body.data.accessToken);
        const started = await joan.ask('mutation ($p: String!) { startTwoFactor(password: $p) { secret } }', {
          p: password,
        });
        const app = new TOTP({ secret: Secret.fromBase32(started.data.startTwoFactor.secret) });
        const confirmed = await joan.ask(
          'mutation ($code: String!) { confirmTwoFactor(code: $code) { recoveryCodes } }',
          {
            code: app.generate(),
          },
        );
        const asked = await send('POST', '/api/auth/login', { body: { email, password } });
        expect(asked.body).toMatchObject({
          status: 401,
          code: 'TWO_FACTOR_REQUIRED',
          challenge: expect.any(String),
        });
        const { challenge } = asked.body;
        const wrong = await send('POST', '/api/auth/login/complete', { body: { challenge, code: '000000' } });
        expect(wrong.body).toMatchObject({ status: 401, code: 'TWO_FACTOR_INVALID' });
        const [code] = confirmed.data.confirmTwoFactor.recoveryCodes;
        const completed = await send('POST', '/api/auth/login/complete', { body: { challenge, code } });
        expect([completed.status, completed.body.data.user.name]).toEqual([200, 'Joan']);
      });

      it('in exchange for a password, under the same limits as GraphQL', async () => {
        const wrong = { email: `${randomUUID()}@example.com`, password: 'wrong horse battery' };
        const { text } = operations.get('LogIn') ?? { text: '' };
        for (let attempt = 0; attempt < 5; attempt += 1) {
          const { status, body } = await send('POST', '/api/auth/login', { body: wrong });
          expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
        }
        expect((await anyone.ask(text, wrong)).code).toBe('RATE_LIMITED');
        const limited = await send('POST', '/api/auth/login', { body: wrong });
        expect([limited.status, limited.body.code, limited.headers.get('retry-after')]).toEqual([
          429,
          'RATE_LIMITED',
          String(limited.body.retryAfter),
        ]);
        // Counted under one purpose.
        const [rest, graphql] = [
          await send('POST', '/api/auth/login', { body: wrong }),
          (await anyone.post(text, wrong)).response,
        ].map(({ headers }) => Number(headers.get('ratelimit-remaining')));
        expect(graphql).toBe((rest as number) - 1);
      });
    });

    describe('refuses', () => {
      const problems = ({ body }: Answer) =>
        body.details?.map(({ argument, problem }: any) => `${argument} ${problem}`);

      it.each<[string, string, string[]]>([
        [
          'no days',
          '/api/campaigns',
          [
            'startDate is missing: send startDate and endDate, or period',
            'endDate is missing: send startDate and endDate, or period',
          ],
        ],
        [
          'one day',
          '/api/campaigns?startDate=2026-09-01',
          ['endDate is missing: send startDate and endDate, or period'],
        ],
        [
          'days and a period',
          `/api/campaigns?${days}&period=last_7d`,
          ['startDate cannot be combined with period', 'endDate cannot be combined with period'],
        ],
        [
          'an unknown period',
          '/api/campaigns?period=last_8d',
          [expect.stringMatching(/^period must be one of today, yesterday, last_7d, /) as never],
        ],
        ['a repeated period', '/api/campaigns?period=last_7d&period=last_7d', ['period is given more than once']],
        [
          'a day that is none',
          '/api/campaigns?startDate=2026-02-30&endDate=2026-03-01',
          ['startDate is invalid: Date must be a calendar day like "2026-10-05"'],
        ],
        [
          'a dimension that is none',
          '/api/performance?groupBy=provider,weekday',
          [expect.stringMatching(/^groupBy\[1\] must be one of PROVIDER, CLIENT, /) as never],
        ],
        [
          'days and a period of what is compared',
          '/api/performance?period=today&startDate=2026-09-01&compareStartDate=2026-08-01',
          ['startDate cannot be combined with period', 'compareEndDate is missing'],
        ],
        [
          'a provider that is none',
          '/api/performance?provider=x-ads',
          ['provider names "x-ads", which is no provider here'],
        ],
        [
          'days in the wrong order',
          '/api/campaigns?startDate=2026-09-07&endDate=2026-09-01',
          ['startDate to endDate must not end before it starts'],
        ],
        [
          'too many days',
          '/api/campaigns?startDate=2020-01-01&endDate=2026-09-01',
          ['startDate to endDate must not be longer than 366 days'],
        ],
        [
          'unknown parameters, with the nearest',
          `/api/campaigns?${days}&acountId=1&colour=red`,
          [
            'acountId is unknown: did you mean "accountId"?',
            expect.stringMatching(/^colour is unknown: there are startDate, endDate, provider, /) as never,
          ],
        ],
        ['an empty parameter', `/api/campaigns?${days}&currency=`, ['currency is empty']],
        ['a repeated scalar', `/api/campaigns?${days}&currency=EUR&currency=USD`, ['currency is given more than once']],
        ['a word for a number', `/api/campaigns?${days}&limit=ten`, ['limit must be a whole number']],
        ['a fraction', `/api/campaigns?${days}&limit=1.5`, ['limit must be a whole number']],
        ['a number beyond 32 bits', `/api/campaigns?${days}&limit=9999999999`, ['limit must be a whole number']],
        [
          'two names of the page size',
          `/api/campaigns?${days}&limit=1&first=1`,
          ['limit cannot be combined with first'],
        ],
        ['an oversized page', `/api/clients?limit=1001`, ['limit must be 1 to 1000']],
        ['a foreign cursor', `/api/clients?after=nothing`, [expect.stringMatching(/^after /) as never]],
        [
          'a state that is none',
          `/api/campaigns?${days}&status=running`,
          ['status[0] must be one of ACTIVE, PAUSED, ENDED, OTHER'],
        ],
        ['a direction without an order', `/api/campaigns?${days}&direction=ASC`, ['orderBy is missing']],
        ['a boolean that is none', '/api/accounts?hasFault=1', ['hasFault must be true or false']],
        [
          'an unknown provider',
          '/api/accounts?provider=bing',
          [expect.stringMatching(/^provider names "bing"/) as never],
        ],
        [
          'an unknown provider to connect',
          '/api/oauth/bing/authorize',
          ['provider is not a provider that can be connected'],
        ],
        [
          'days that are not named',
          '/api/accounts/x/daily-metrics',
          [
            expect.stringMatching(/^startDate is missing/) as never,
            expect.stringMatching(/^endDate is missing/) as never,
          ],
        ],
        [
          'several at once',
          '/api/google/search/queries?period=ever&dimension=WORD&device=PHONE',
          [
            expect.stringMatching(/^period must/) as never,
            expect.stringMatching(/^dimension\[0\] must be one of QUERY, PAGE/) as never,
            expect.stringMatching(/^device\[0\] must be one of MOBILE/) as never,
          ],
        ],
      ])('%s', async (_what, path, expected) => {
        const answer = await get(path);
        expect([answer.status, answer.body.code, answer.headers.get('content-type')]).toEqual([
          400,
          'BAD_USER_INPUT',
          'application/problem+json; charset=utf-8',
        ]);
        expect(problems(answer)).toEqual(expected);
        expect(answer.body.instance).toBe(path.split('?')[0]);
      });

      it.each<[string, unknown, string[]]>([
        ['null', null, ['body must be a JSON object']],
        ['a list', [], ['body must be a JSON object']],
        ['a text', '"name"', ['body must be a JSON object']],
        ['nothing', undefined, ['name is missing', 'accountIds is missing']],
        ['an empty object', {}, ['name is missing', 'accountIds is missing']],
        ['null for a text', { name: null, accountIds: [] }, ['name must not be null']],
        ['a number for a text', { name: 5, accountIds: [] }, ['name must be a text']],
        ['a text for a list', { name: 'One', accountIds: 'one' }, ['accountIds must be a list']],
        [
          'numbers for ids',
          { name: 'One', accountIds: [1, null] },
          ['accountIds[0] must be a text', 'accountIds[1] must not be null'],
        ],
        [
          'an unknown field',
          { name: 'One', accountIds: [], accountsIds: [] },
          ['accountsIds is unknown: did you mean "accountIds"?'],
        ],
        [
          'thousands of unknown fields, of which it names some',
          Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, 1])),
          Array.from({ length: 50 }, (_, index) => `f${index} is unknown: there are name, accountIds`),
        ],
      ])('in a body: %s', async (_what, body, expected) => {
        const answer = await own('POST', '/api/clients', body === null ? 'null' : body);
        expect([answer.status, answer.body.code]).toEqual([400, 'BAD_USER_INPUT']);
        expect(problems(answer)).toEqual(expected);
      });

      it('parameters beside a body, and an account of another organization in it', async () => {
        const answer = await own('POST', '/api/clients?name=One', { name: 'One', accountIds: [] });
        expect(problems(answer)).toEqual(['name is unknown: there is none']);
        const foreign = await own('POST', '/api/clients', { name: 'One', accountIds: [randomUUID()] });
        expect([foreign.status, foreign.body.code]).toEqual([404, 'NOT_FOUND']);
      });

      it('other media types, and what cannot be parsed', async () => {
        const post = (body: string, type: string) => own('POST', '/api/clients', body, { 'content-type': type });
        expect(await post('name=One', 'application/x-www-form-urlencoded')).toMatchObject({ status: 415 });
        expect(await post('{}', 'text/plain')).toMatchObject({ status: 415 });
        const malformed = await post('{"name"', 'application/json');
        expect([malformed.status, malformed.body.code]).toEqual([400, 'BAD_REQUEST']);
        const large = await own('POST', '/api/clients', { name: 'x'.repeat(200_000), accountIds: [] });
        expect([large.status, large.body.code]).toEqual([413, 'REQUEST_TOO_LARGE']);
        for (const accept of ['text/html', 'application/xml', 'application/json;q=0']) {
          const { status, body, headers } = await get('/api/plans', { accept });
          expect([accept, status, body.code, headers.get('content-type')]).toEqual([
            accept,
            406,
            'BAD_REQUEST',
            'application/problem+json; charset=utf-8',
          ]);
        }
        for (const accept of ['application/*', 'text/html, */*;q=0.1', 'APPLICATION/JSON']) {
          expect((await get('/api/plans', { accept })).status).toBe(200);
        }
        const undecodable = await get('/api/reports/%E0%A4%A');
        expect([undecodable.status, undecodable.body.type]).toEqual([400, 'urn:webmetrics:error:BAD_REQUEST']);
      });

      it('other methods and paths, and answers the preflights of browsers', async () => {
        const wrong = await own('PUT', '/api/reports/generate', {});
        expect([wrong.status, wrong.body.code, wrong.headers.get('allow')]).toEqual([
          405,
          'METHOD_NOT_ALLOWED',
          'DELETE, GET, HEAD, POST',
        ]);
        for (const method of ['TRACE', 'PROPFIND', 'REPORT']) {
          const answered = await new Promise<number | undefined>((resolve, reject) => {
            const sent = request(`${transport.url}/api/plans`, { method }, (response) => {
              response.resume();
              resolve(response.headers.allow === 'GET, HEAD' ? response.statusCode : undefined);
            });
            sent.on('error', reject).end();
          });
          expect([method, answered]).toEqual([method, 405]);
        }
        const unknown = await get('/api/nothing');
        expect([unknown.status, unknown.body.code, unknown.body.title]).toEqual([404, 'NOT_FOUND', 'Not found']);
        const options = await send('OPTIONS', '/api/clients');
        expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST']);
        const preflight = await send('OPTIONS', '/api/clients/1', {
          headers: {
            origin: 'http://localhost:3000',
            'access-control-request-method': 'DELETE',
            'access-control-request-headers': 'authorization,idempotency-key',
          },
        });
        expect(preflight.status).toBe(204);
        expect(preflight.headers.get('access-control-allow-methods')).toContain('DELETE');
        expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization,idempotency-key');
        const exposed = (await get('/api/plans', { origin: 'http://localhost:3000' })).headers;
        expect(exposed.get('access-control-expose-headers')).toContain('x-cost-remaining');
        expect(exposed.get('access-control-expose-headers')).toContain('link');
      });
    });
  });
}
