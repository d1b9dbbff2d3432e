import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeCursor } from '#kit/page.js';
import { type Answered, expectToRevealNothing, readAnswer } from './answers.js';
import { databaseRows } from './database-rows.js';
import { ask, json, newcomer } from './newcomer.js';
import { type OpenTransport, openTransport, type Transport } from './open-transport.js';
import { historiesCopied } from './tenant.js';

const range = { start: '2026-09-01', end: '2026-09-07' };

/** Checks over a transport that wrong arguments, callbacks and failing providers are reported, and change nothing. */
export function describeBadInput(transportName: Transport): void {
  describe(`over the transport ${transportName}`, () => {
    let transport: OpenTransport;

    beforeAll(async () => {
      // The duration of the fault `hang`: every other fault answers at once.
      transport = await openTransport(transportName, { PROVIDER_TIMEOUT_MS: '3000' });
    });
    afterAll(() => transport.close());

    async function faults(...wanted: Record<string, unknown>[]): Promise<void> {
      const response = await fetch(`${transport.simulatorUrl}/_simulator/faults`, {
        method: 'POST',
        headers: json,
        // Enough for every account, three attempts each.
        body: JSON.stringify(wanted.map((fault) => ({ times: 1_000, ...fault }))),
      });
      expect(response.status).toBe(200);
    }
    const forgetFaults = async () => {
      await fetch(`${transport.simulatorUrl}/_simulator/faults`, { method: 'DELETE' });
    };
    afterEach(forgetFaults);

    describe('an argument that is wrong', () => {
      let bearer: string;
      let accountId: string;

      beforeAll(async () => {
        const { client, bearer: given } = await newcomer(transport);
        bearer = given;
        expect((await client.connect('meta-ads')).status).toBe(200);
        const { data } = await client.ask('{ organization { accounts { id } } }');
        accountId = data.organization.accounts[0].id;
      });

      const CAMPAIGNS =
        'query ($id: ID!, $range: DateRangeInput!, $first: Int! = 5, $after: String) { account(id: $id) { name campaigns(range: $range, first: $first, after: $after) { totalCount } } }';
      const REPORT =
        'mutation ($range: DateRangeInput!) { generateReport(templateId: "campaign-performance", range: $range) { report { id } } }';
      const LISTS: [string, string][] = [
        [
          'clients',
          'query ($first: Int! = 5, $after: String) { organization { clients(first: $first, after: $after) { edges { cursor } } } }',
        ],
        [
          'reports',
          'query ($first: Int! = 5, $after: String) { organization { reports(first: $first, after: $after) { edges { cursor } } } }',
        ],
        ['campaigns', CAMPAIGNS],
      ];
      const given = (more: Record<string, unknown>) => ({ id: accountId, range, ...more });
      const details = (errors: any[]) => errors[0]?.extensions.details;

      it.each([
        ['campaigns', 'an end before the start', { start: '2026-09-07', end: '2026-09-01' }],
        ['campaigns', '400 days', { start: '2025-08-01', end: '2026-09-04' }],
        ['a report', 'an end before the start', { start: '2026-09-07', end: '2026-09-01' }],
        ['a report', '801 days', { start: '2024-06-26', end: '2026-09-04' }],
        ['a report', 'days in the future', { start: '2999-01-01', end: '2999-01-02' }],
        ['a report', 'a year without figures', { start: '0000-01-01', end: '0000-01-02' }],
      ])('is named: for %s, %s', async (what, _days, wrong) => {
        const query = what === 'campaigns' ? CAMPAIGNS : REPORT;
        const { code, errors } = await ask(transport, bearer, query, given({ range: wrong }));
        expect(code).toBe('BAD_USER_INPUT');
        expect(details(errors)).toEqual([{ argument: 'range', problem: expect.stringMatching(/^must /) }]);
      });

      it('is none: 800 days of a report', async () => {
        const { data, errors } = await ask(
          transport,
          bearer,
          REPORT,
          given({ range: { start: '2024-06-27', end: '2026-09-04' } }),
        );
        expect(errors).toEqual([]);
        expect(data.generateReport.report.id).toEqual(expect.any(String));
      });

      it.each([
        ['campaigns', 'yesterday'],
        ['campaigns', '2026-02-30'],
        ['campaigns', '2026-9-1'],
        ['campaigns', '2026-09-01T00:00:00Z'],
        ['campaigns', ''],
        ['campaigns', 20260901],
        ['a report', 'yesterday'],
        ['a report', '2026-02-30'],
      ])('is named: for %s, the day %p', async (what, start) => {
        const query = what === 'campaigns' ? CAMPAIGNS : REPORT;
        const { code, errors } = await ask(transport, bearer, query, given({ range: { start, end: '2026-09-07' } }));
        expect(code).toBe('BAD_USER_INPUT');
        expect(errors).toHaveLength(1);
        expect(errors[0].message).toContain('Date must be a calendar day');
        expect(details(errors)).toEqual([
          { argument: expect.stringMatching(/^range(\.start)?$/), problem: expect.stringMatching(/calendar day/) },
        ]);
      });

      it('is refused in the query as in a variable', async () => {
        const { status, code, errors } = await ask(
          transport,
          bearer,
          'query ($id: ID!) { account(id: $id) { campaigns(range: { start: "yesterday", end: "2026-09-07" }) { totalCount } } }',
          { id: accountId },
        );
        expect({ status, code }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
        expect(errors).toHaveLength(1);
        expect(details(errors)).toEqual([
          { argument: 'range.start', problem: 'Date must be a calendar day like "2026-10-05"' },
        ]);
      });

      it.each([
        ['an argument with a default', CAMPAIGNS.replace('$first: Int! = 5', '$first: Int'), 'first'],
        ['a condition, without credentials', 'query ($first: Boolean = true) { plans { id @skip(if: $first) } }', 'if'],
      ])('is named when it is null: %s', async (what, query, argument) => {
        const authorization = what.endsWith('without credentials') ? undefined : bearer;
        for (let use = 1; use <= 6; use += 1) {
          const { status, errors } = await ask(transport, authorization, query, given({ first: null }));
          expect(status).toBe(400);
          expect(errors.map(({ extensions }: any) => extensions.code)).toEqual(['BAD_USER_INPUT']);
          expect(details(errors)).toEqual([{ argument, problem: 'must not be null' }]);
        }
      });

      it.each(LISTS)('is named: pages of %s that are empty or endless', async (_list, query) => {
        for (const first of [0, -1, 1_001, 100_000, 2_147_483_647]) {
          const { code, errors } = await ask(transport, bearer, query, given({ first }));
          expect(code).toBe('BAD_USER_INPUT');
          expect(details(errors)).toEqual([{ argument: 'first', problem: 'must be 1 to 1000' }]);
        }
        for (const first of [1e10, 'ten', 1.5]) {
          const { status, code } = await ask(transport, bearer, query, given({ first }));
          expect({ status, code }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
        }
        expect((await ask(transport, bearer, query, given({ first: 1_000 }))).errors).toEqual([]);
      });

      it.each(LISTS)('is named: a cursor that is none of %s', async (_list, query) => {
        const foreign = [
          'nonsense',
          '%00',
          '\0',
          'x'.repeat(100_000),
          encodeCursor([]),
          encodeCursor([1]),
          encodeCursor([1, 2]),
          encodeCursor([null, null]),
          encodeCursor([{}, []]),
          encodeCursor(['one', 'two', 'three']),
          Buffer.from('{"length":2,"0":"a","1":"b"}').toString('base64url'),
        ];
        for (const after of foreign) {
          const { code, errors } = await ask(transport, bearer, query, given({ after }));
          expect(code).toBe('BAD_USER_INPUT');
          expect(details(errors)).toEqual([{ argument: 'after', problem: 'is not a cursor of this list' }]);
        }
      });

      it.each(LISTS)('is no server error: a made-up cursor of %s', async (_list, query) => {
        const cursors = [
          encodeCursor(['\0', randomUUID()]),
          encodeCursor(['\ud800', randomUUID()]),
          encodeCursor(["' OR 1=1 --", randomUUID()]),
          encodeCursor(['0000-01-01T00:00:00.000Z', randomUUID()]),
          encodeCursor(['9999-12-31T23:59:59.999Z', randomUUID()]),
        ];
        for (const after of cursors) {
          const { code } = await ask(transport, bearer, query, given({ after }));
          expect([undefined, 'BAD_USER_INPUT']).toContain(code);
        }
      });

      it.each([
        ['nonsense', 'nonsense'],
        ['nothing', ''],
        ['a zero character', '\0'],
        ['SQL', "' OR 1=1 --"],
        ['a path', '../../etc/passwd'],
        ['100,000 characters', 'x'.repeat(100_000)],
        ['nearly an id', '00000000-0000-0000-0000-00000000000g'],
      ])('is an id of nothing: %s', async (what, id) => {
        for (const query of [
          'query ($id: ID!) { connection(id: $id) { id } }',
          'query ($id: ID!) { account(id: $id) { id } }',
          'query ($id: ID!) { client(id: $id) { id } }',
          'query ($id: ID!) { report(id: $id) { id } }',
          'query ($id: ID!) { organization { accounts(clientIds: [$id]) { id } } }',
          'mutation ($id: ID!) { disconnect(connectionId: $id) { connection { id } } }',
          'mutation ($id: ID!) { deleteClient(clientId: $id) { clientId } }',
          'mutation ($id: ID!) { createClient(name: "C", accountIds: [$id]) { client { id } } }',
          'mutation ($id: ID!) { generateReport(templateId: $id, range: { start: "2026-09-01", end: "2026-09-02" }) { report { id } } }',
          'mutation ($id: ID!) { generateReport(templateId: "campaign-performance", clientIds: [$id], range: { start: "2026-09-01", end: "2026-09-02" }) { report { id } } }',
        ]) {
          const { code } = await ask(transport, bearer, query, { id });
          expect({ query, what, code }).toEqual({ query, what, code: 'NOT_FOUND' });
        }
        const { code } = await ask(
          transport,
          bearer,
          'mutation ($id: ID!) { authorizeConnection(providerId: $id) { authorizeUrl } }',
          { id },
        );
        expect(code).toBe('BAD_USER_INPUT');
      });

      const SIGN_UP =
        'mutation ($name: String!, $email: String!, $password: String!, $companyName: String!) { signUp(name: $name, email: $email, password: $password, companyName: $companyName) { user { id } } }';
      const good = () => ({
        name: 'Ada',
        email: `${randomUUID()}@example.com`,
        password: 'correct horse',
        companyName: 'C',
      });

      it.each([
        ['an empty name', 'name', ''],
        ['a blank name', 'name', ' \t\n'],
        ['a long name', 'name', 'x'.repeat(201)],
        ['a name with a zero character', 'name', 'zero \0 character'],
        ['a blank company', 'companyName', ' '],
        ['a long company', 'companyName', 'x'.repeat(10_000)],
        ['a company with a zero character', 'companyName', 'zero \0 character'],
        ['no address', 'email', 'nobody'],
        ['a long address', 'email', `${'x'.repeat(320)}@example.com`],
        ['an address with a zero character', 'email', 'zero\0@example.com'],
        ['a short password', 'password', 'short'],
        ['a long password', 'password', 'x'.repeat(129)],
      ])('is named at sign-up: %s', async (_what, argument, value) => {
        const { code, errors } = await ask(transport, undefined, SIGN_UP, { ...good(), [argument]: value });
        expect(code).toBe('BAD_USER_INPUT');
        expect(details(errors).map((detail: any) => detail.argument)).toEqual([argument]);
      });

      it.each([
        ['an empty name', ''],
        ['a long name', 'x'.repeat(201)],
        ['a name with a zero character', 'zero \0 character'],
      ])('is named: a client of %s', async (_what, name) => {
        const { code, errors } = await ask(
          transport,
          bearer,
          'mutation ($name: String!) { createClient(name: $name, accountIds: []) { client { id } } }',
          { name },
        );
        expect(code).toBe('BAD_USER_INPUT');
        expect(details(errors)).toEqual([{ argument: 'name', problem: expect.any(String) }]);
      });

      it.each([
        ['SQL', "' OR 1=1 --", 'password'],
        ['an address with a zero character', 'zero\0@example.com', 'password'],
        ['a password with a zero character', 'ada@example.com', 'zero \0 character'],
        ['60,000 characters each', 'x'.repeat(60_000), 'x'.repeat(60_000)],
      ])('is not signed in: %s', async (_what, email, password) => {
        const { code } = await ask(
          transport,
          undefined,
          'mutation ($email: String!, $password: String!) { logIn(email: $email, password: $password) { accessToken } }',
          { email, password },
        );
        expect(['UNAUTHENTICATED', 'BAD_USER_INPUT']).toContain(code);
      });
    });

    const rowsOf = async (organizationId: string) =>
      databaseRows(
        transport,
        `SELECT 'connection' AS what FROM integrations.connection WHERE organization_id = $1
       UNION ALL SELECT 'account' FROM integrations.account WHERE organization_id = $1
       UNION ALL SELECT 'access' FROM integrations.account_access WHERE organization_id = $1`,
        [organizationId],
      );

    describe('a callback', () => {
      const callBack = async (location: string) => readAnswer(await fetch(location));
      const invalidState = { status: 400, code: 'BAD_USER_INPUT' };

      it.each([
        ['no state', ''],
        ['a state without a value', 'state=&code=x'],
        ['an unknown state', 'state=unknown&code=x'],
        ['a state that is too long to store', `state=${'x'.repeat(4_000)}&code=x`],
        ['a zero character', 'state=%00&code=x'],
        ['two states', 'state=a&state=b&code=x'],
        ['two codes', 'state=a&code=x&code=y'],
      ])('with %s is refused with the reason', async (_what, query) => {
        for (const providerId of ['google-ads', 'nonsense']) {
          const { status, code, errors } = await callBack(`${transport.url}/oauth/${providerId}/callback?${query}`);
          expect({ status, code }).toEqual(invalidState);
          expect(errors[0].extensions.details).toEqual([{ argument: expect.any(String), problem: expect.any(String) }]);
        }
      });

      it.each(['google-ads', 'meta-ads'])('of %s connects once', async (providerId) => {
        const { client, organizationId } = await newcomer(transport);
        const location = await client.consent(providerId);
        expect((await client.finish(location)).status).toBe(200);
        const rows = await rowsOf(organizationId);
        const { status, code } = await callBack(location);
        expect({ status, code }).toEqual(invalidState);
        expect(await rowsOf(organizationId)).toEqual(rows);
      });

      it('connects once, also when it comes many times at once', async () => {
        const { client } = await newcomer(transport);
        const location = await client.consent('google-ads');
        const answers = await Promise.all(Array.from({ length: 5 }, () => fetch(location)));
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
      });

      it('with the state of another provider is refused, and uses that up', async () => {
        const { client, organizationId } = await newcomer(transport);
        const location = await client.consent('google-ads');
        const elsewhere = await callBack(location.replace('/oauth/google-ads/', '/oauth/meta-ads/'));
        expect({ status: elsewhere.status, code: elsewhere.code }).toEqual(invalidState);
        const { status, code } = await callBack(location);
        expect({ status, code }).toEqual(invalidState);
        expect(await rowsOf(organizationId)).toEqual([]);
      });

      it.each([
        ['google-ads', 'Google Ads'],
        ['meta-ads', 'Meta Ads'],
      ])('of %s after a refusal stores nothing', async (providerId, providerName) => {
        const { client, organizationId } = await newcomer(transport);
        const location = await client.consent(providerId, { decision: 'deny' });
        expect(new URL(location).searchParams.get('error')).toBe('access_denied');
        const { status, code, errors } = await callBack(location);
        expect({ status, code }).toEqual({ status: 403, code: 'FORBIDDEN' });
        expect(errors[0].message).toContain(providerName);
        expect(await rowsOf(organizationId)).toEqual([]);
        // What was refused cannot be turned into a consent afterwards.
        const again = await callBack(location.replace('error=access_denied', 'code=x'));
        expect({ status: again.status, code: again.code }).toEqual(invalidState);
      });

      it.each(['google-ads', 'meta-ads'])('of %s with an unknown code stores nothing', async (providerId) => {
        const { client, organizationId } = await newcomer(transport);
        const location = new URL(await client.consent(providerId));
        location.searchParams.set('code', 'nonsense');
        const { status, code } = await readAnswer(await client.finish(location.href));
        expect({ status, code }).toEqual(invalidState);
        expect(await rowsOf(organizationId)).toEqual([]);
      });

      it.each(['error=server_error', 'error=%3Cscript%3Ealert(1)%3C/script%3E', ''])(
        'with %p instead of a code stores nothing',
        async (outcome) => {
          const { client, organizationId } = await newcomer(transport);
          const state = new URL(await client.consent('google-ads')).searchParams.get('state');
          const { status, text } = await callBack(
            `${transport.url}/oauth/google-ads/callback?state=${state}&${outcome}`,
          );
          expect(status).toBe(outcome ? 502 : 400);
          expect(text).not.toContain('<script>');
          expect(await rowsOf(organizationId)).toEqual([]);
        },
      );

      it('answers a browser with a page of the same content and without scripts', async () => {
        const { client } = await newcomer(transport);
        const location = await client.consent('google-ads', { decision: 'deny' });
        const response = await fetch(location, { headers: { accept: 'text/html' } });
        const page = await response.text();
        expect(response.status).toBe(403);
        expect(response.headers.get('content-type')).toContain('text/html');
        expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
        expect(page).toContain('Google Ads');
        expect(page).toContain(response.headers.get('x-request-id'));
        expect(page).not.toMatch(/<script/i);
        expectToRevealNothing(page);
      });
    });

    describe('a provider that fails while it is connected', () => {
      it.each([
        ['google-ads', { provider: 'google-oauth', kind: 'status', status: 500 }, 502, 'PROVIDER_UNAVAILABLE'],
        ['google-ads', { provider: 'google-oauth', kind: 'garbage' }, 502, 'PROVIDER_UNAVAILABLE'],
        ['google-ads', { provider: 'google-oauth', kind: 'reset' }, 502, 'PROVIDER_UNAVAILABLE'],
        ['google-ads', { provider: 'google-oauth', kind: 'status', status: 429 }, 429, 'RATE_LIMITED'],
        ['google-ads', { provider: 'google-ads', kind: 'status', status: 500 }, 502, 'PROVIDER_UNAVAILABLE'],
        ['google-ads', { provider: 'google-ads', kind: 'status', status: 401 }, 502, 'PROVIDER_UNAVAILABLE'],
        ['google-ads', { provider: 'google-ads', kind: 'status', status: 429 }, 429, 'RATE_LIMITED'],
        [
          'google-ads',
          { provider: 'google-ads', kind: 'truncate', match: 'searchStream' },
          502,
          'PROVIDER_UNAVAILABLE',
        ],
        ['google-ads', { provider: 'google-ads', kind: 'html' }, 502, 'PROVIDER_UNAVAILABLE'],
        ['google-ads', { provider: 'google-ads', kind: 'hang' }, 502, 'PROVIDER_UNAVAILABLE'],
        ['meta-ads', { provider: 'meta-oauth', kind: 'status', status: 500 }, 502, 'PROVIDER_UNAVAILABLE'],
        ['meta-ads', { provider: 'meta-oauth', kind: 'html' }, 502, 'PROVIDER_UNAVAILABLE'],
        ['meta-ads', { provider: 'meta', kind: 'status', status: 500 }, 502, 'PROVIDER_UNAVAILABLE'],
        ['meta-ads', { provider: 'meta', kind: 'garbage' }, 502, 'PROVIDER_UNAVAILABLE'],
        ['meta-ads', { provider: 'meta', kind: 'truncate' }, 502, 'PROVIDER_UNAVAILABLE'],
        ['meta-ads', { provider: 'meta', kind: 'status', status: 429 }, 429, 'RATE_LIMITED'],
      ])('leaves nothing of %s behind: %p', async (providerId, fault, expectedStatus, expectedCode) => {
        const { client, organizationId } = await newcomer(transport);
        const location = await client.consent(providerId);
        await faults(fault);
        const { status, code, errors, headers } = await readAnswer(await client.finish(location));
        expect({ status, code }).toEqual({ status: expectedStatus, code: expectedCode });
        expect(errors[0].message).toContain(providerId === 'google-ads' ? 'Google Ads' : 'Meta Ads');
        if (expectedStatus === 429) {
          expect(errors[0].extensions.retryAfter).toBeGreaterThan(0);
          expect(headers.get('retry-after')).toBe(String(errors[0].extensions.retryAfter));
        }
        expect(await rowsOf(organizationId)).toEqual([]);

        await forgetFaults();
        expect((await client.connect(providerId)).status).toBe(200);
      });

      it('keeps a connection as it was when renewing it fails', async () => {
        const { client, organizationId } = await newcomer(transport);
        expect((await client.connect('google-ads')).status).toBe(200);
        const state = () => client.ask('{ organization { connections { id status scopes accounts { id name } } } }');
        const before = await state();
        const rows = await rowsOf(organizationId);
        const location = await client.consent('google-ads');
        // Only the accounts call fails: the history copy that runs meanwhile must not set a failure state.
        await faults({ provider: 'google-ads', kind: 'status', status: 500, match: 'listAccessibleCustomers' });
        expect((await client.finish(location)).status).toBe(502);
        expect(await state()).toEqual(before);
        expect(await rowsOf(organizationId)).toEqual(rows);
      });
    });

    describe('a provider that fails while it is read', () => {
      const CAMPAIGNS = /* GraphQL */ `query ($range: DateRangeInput!) {
      organization {
        connections {
          provider { id }
          status
          reason
          accounts { status externalId campaigns(range: $range, first: 3) { totalCount edges { node { name metrics(range: $range) { cost { amount } } } } } }
        }
      }
    }`;
      const names = { 'google-ads': 'Google Ads', 'meta-ads': 'Meta Ads' } as const;
      let agency: Awaited<ReturnType<typeof newcomer>>;
      let day = 0;

      async function newAgency() {
        const made = await newcomer(transport, 'Nora');
        for (const id of Object.keys(names)) expect((await made.client.connect(id)).status).toBe(200);
        // A copy of the history that fails meanwhile would set a failure state of its own.
        await historiesCopied(made.client);
        return made;
      }

      beforeAll(async () => {
        agency = await newAgency();
      });

      /** Reads the campaigns of a day that no cache holds. */
      async function read(who = agency): Promise<Answered> {
        day += 1;
        const date = new Date(Date.UTC(2025, 0, day)).toISOString().slice(0, 10);
        return ask(transport, who.bearer, CAMPAIGNS, { range: { start: date, end: date } });
      }
      const connectionOf = ({ data }: Answered, providerId: string) =>
        data.organization.connections.find(({ provider }: any) => provider.id === providerId);

      const cases: [keyof typeof names, string, Record<string, unknown>, string, number | null][] = [];
      for (const [providerId, provider] of [
        ['google-ads', 'google-ads'],
        ['meta-ads', 'meta'],
      ] as const) {
        cases.push(
          [providerId, '429', { provider, kind: 'status', status: 429 }, 'RATE_LIMITED', null],
          [providerId, '500', { provider, kind: 'status', status: 500 }, 'PROVIDER_UNAVAILABLE', null],
          [providerId, '503', { provider, kind: 'status', status: 503 }, 'PROVIDER_UNAVAILABLE', null],
          [providerId, 'garbage', { provider, kind: 'garbage' }, 'PROVIDER_UNAVAILABLE', null],
          [providerId, 'html', { provider, kind: 'html' }, 'PROVIDER_UNAVAILABLE', null],
          [providerId, 'html with status 200', { provider, kind: 'html', status: 200 }, 'PROVIDER_UNAVAILABLE', null],
          [providerId, 'truncate', { provider, kind: 'truncate' }, 'PROVIDER_UNAVAILABLE', null],
          [providerId, 'reset', { provider, kind: 'reset' }, 'PROVIDER_UNAVAILABLE', null],
          [providerId, 'hang', { provider, kind: 'hang' }, 'PROVIDER_UNAVAILABLE', null],
          [
            providerId,
            'JSON of another form',
            { provider, kind: 'status', status: 200, body: { unexpected: true } },
            'PROVIDER_UNAVAILABLE',
            null,
          ],
          [providerId, '401', { provider, kind: 'status', status: 401 }, 'RECONNECT_REQUIRED', null],
        );
      }
      cases.push([
        'google-ads',
        '429 with Retry-After',
        { provider: 'google-ads', kind: 'status', status: 429, body: {}, headers: { 'retry-after': '7' } },
        'RATE_LIMITED',
        7,
      ]);

      it.each(cases)(
        '%s, with %s, is named, and the other one answers',
        async (providerId, _what, fault, expected, retryAfter) => {
          // A case that breaks a connection, or makes it wait for Retry-After, gets an organization of its own.
          const who = expected === 'PROVIDER_UNAVAILABLE' ? agency : await newAgency();
          await faults(fault);
          const answer = await read(who);
          expect(answer.status).toBe(200);
          const other = connectionOf(answer, providerId === 'google-ads' ? 'meta-ads' : 'google-ads');
          expect(other.accounts.length).toBeGreaterThan(0);
          for (const { campaigns } of other.accounts) expect(campaigns).not.toBeNull();

          const index = answer.data.organization.connections.indexOf(connectionOf(answer, providerId));
          const { accounts } = connectionOf(answer, providerId);
          const active = accounts.flatMap(({ status }: any, at: number) => (status === 'ACTIVE' ? [at] : []));
          expect(active.length).toBeGreaterThan(0);
          for (const at of active) expect(accounts[at].campaigns).toBeNull();
          expect(answer.errors.map(({ path }) => path.join('.')).sort()).toEqual(
            active.map((at: number) => `organization.connections.${index}.accounts.${at}.campaigns`).sort(),
          );
          for (const { message, extensions } of answer.errors) {
            expect(message).toContain(names[providerId]);
            expect(extensions.code).toBe(expected);
            if (expected === 'RATE_LIMITED') expect(extensions.retryAfter).toBeGreaterThan(0);
            if (retryAfter) expect(extensions.retryAfter).toBe(retryAfter);
          }

          await forgetFaults();
          if (expected === 'RECONNECT_REQUIRED') {
            const { status, reason } = connectionOf(await read(who), providerId);
            expect({ status, reason }).toEqual({
              status: expected,
              reason: expect.stringContaining(names[providerId]),
            });
            expect((await who.client.connect(providerId)).status).toBe(200);
          }
          const recovered = await read(who);
          const { status, reason } = connectionOf(recovered, providerId);
          // No call is made before Retry-After has passed.
          if (expected === 'RATE_LIMITED' && recovered.errors.length > 0) {
            for (const { extensions } of recovered.errors) {
              expect(extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
            }
            expect({ status, reason }).toEqual({
              status: 'FAILING',
              reason: expect.stringContaining(names[providerId]),
            });
            return;
          }
          expect(recovered.errors).toEqual([]);
          expect({ status, reason }).toEqual({ status: 'ACTIVE', reason: null });
        },
      );

      it('fails for the account it fails for, and for no other', async () => {
        const [failing] = connectionOf(await read(), 'google-ads').accounts.filter(
          ({ status }: any) => status === 'ACTIVE',
        );
        await faults({
          provider: 'google-ads',
          kind: 'status',
          status: 403,
          match: `customers/${failing.externalId}/`,
        });
        const answer = await read();
        expect(answer.errors).toHaveLength(1);
        expect(answer.code).toBe('FORBIDDEN');
        expect(answer.errors[0].message).toContain('Google Ads');
        const { accounts, status } = connectionOf(answer, 'google-ads');
        expect(status).toBe('ACTIVE');
        for (const { externalId, campaigns } of accounts) {
          expect({ externalId, isNull: campaigns === null }).toEqual({
            externalId,
            isNull: externalId === failing.externalId,
          });
        }
      });

      it('is retried after one failed attempt', async () => {
        await faults(
          { provider: 'google-ads', kind: 'status', status: 503, times: 1 },
          { provider: 'meta', kind: 'reset', times: 1 },
        );
        expect((await read()).errors).toEqual([]);
      });
    });
  });
}
