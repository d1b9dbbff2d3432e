import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOTP } from 'otpauth';
import { eventually } from '#ops/testing/eventually.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, transports } from './open-transport.js';
import { finishedReport } from './tenant.js';

const TOKEN = 'abcdefghijklmnopqrstuvwxyz-0123456789';
const password = 'correct horse battery';
/** For a minute; an event in a page costs three. */
const COST_LIMIT = 20_000;

describe.each(transports)('the audit trail (%s)', (transport) => {
  let platform: OpenTransport;
  let owner: Awaited<ReturnType<Client['signUp']>>;

  beforeAll(async () => {
    platform = await openTransport(transport, { OPERATOR_TOKEN: TOKEN, COST_LIMIT: String(COST_LIMIT) });
    owner = await new Client(platform.url).with({ 'user-agent': 'browser' }).signUp('Owner');
  });
  afterAll(() => platform.close());

  const csv = (query = '', client = owner.client) =>
    fetch(`${platform.url}/api/audit.csv${query}`, { headers: client.headers });
  const created = (name: string) =>
    owner.client.ask('mutation ($name: String!) { createClient(name: $name, accountIds: []) { client { id } } }', {
      name,
    });

  it('records the actor, the action, the address and the request id', async () => {
    await created('Acme');
    const { data } = await owner.client.ask(
      '{ organization { auditLog(filter: { actions: ["client.*"] }) { edges { node { action actor { kind id name } address userAgent requestId after } } } } }',
    );
    const [{ node }] = data.organization.auditLog.edges;
    expect(node).toMatchObject({
      action: 'client.created',
      actor: { kind: 'USER', id: owner.userId, name: 'Owner' },
      address: expect.stringMatching(/127\.0\.0\.1|::1/),
      userAgent: 'browser',
      requestId: expect.any(String),
      after: { name: 'Acme', accountIds: [] },
    });
  });

  it('records who connected a provider, and from which address they completed the consent', async () => {
    const code = await owner.client.receive(await owner.client.consent('google-ads'));
    const browser = owner.client.with({ 'user-agent': 'the browser of its user' });
    expect((await browser.complete(code as string)).status).toBe(200);
    const { data } = await owner.client.ask(
      '{ organization { auditLog(filter: { actions: ["connection.connected"] }) { edges { node { actor { kind id name } address userAgent } } } } }',
    );
    expect(data.organization.auditLog.edges.map(({ node }: any) => node)).toEqual([
      {
        actor: { kind: 'USER', id: owner.userId, name: 'Owner' },
        address: expect.stringMatching(/127\.0\.0\.1|::1/),
        userAgent: 'the browser of its user',
      },
    ]);
  });

  describe('as CSV', () => {
    it('has a line for each event, and no cell a spreadsheet would evaluate', async () => {
      await created('"Comma, Inc."');
      await new Client(platform.url, {
        ...owner.client.headers,
        'user-agent': '=HYPERLINK("https://evil.example")',
      }).ask('mutation { createClient(name: "Formula", accountIds: []) { client { id } } }');
      const response = await csv('?action=client.*');
      expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
        200,
        'text/csv; charset=utf-8',
        'private, no-store',
      ]);
      const text = await response.text();
      const lines = text.trim().split('\r\n');
      expect(lines[0]).toMatch(/^sequence,id,occurredAt,action,outcome,actorKind/);
      expect(lines).toHaveLength(4);
      expect(text).toContain(`"'=HYPERLINK(""https://evil.example"")"`);
      expect(text).not.toMatch(/(^|,)"?=/m);
    });

    it('is whole, and counts as one request, where its events in pages would cost more than is allowed', async () => {
      await databaseRows(
        platform,
        `INSERT INTO operations.audit_event (organization_id, sequence, id, occurred_at, action, outcome, actor_kind,
           request_id, personal_digest, previous_hash, hash)
         SELECT $1, 1000000 + n, gen_random_uuid(), now(), 'many.done', 'SUCCESS', 'service', 'r', '', '', ''
         FROM generate_series(1, ${COST_LIMIT}) AS n`,
        [owner.organizationId],
      );
      const lines = (await (await csv('?action=many.done')).text()).trim().split('\r\n').slice(1);
      expect(new Set(lines.map((line) => line.split(',')[0])).size).toBe(COST_LIMIT);
      expect(
        (await fetch(`${platform.url}/api/audit.csv`, { method: 'HEAD', headers: owner.client.headers })).status,
      ).toBe(200);
    });

    it('requires a session', async () => {
      expect((await fetch(`${platform.url}/api/audit.csv`)).status).toBe(401);
    });

    it('rejects an unknown filter', async () => {
      const response = await csv('?actions=client.created');
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'BAD_USER_INPUT' });
      expect((await csv('?since=yesterday')).status).toBe(400);
    });
  });

  const newMember = (name: string) => new Client(platform.url).signUp(name);

  it('is refused to analysts', async () => {
    const analyst = await newMember('Analyst');
    await databaseRows(platform, `UPDATE auth.membership SET role = 'ANALYST' WHERE person_id = $1`, [analyst.userId]);
    expect((await csv('', analyst.client)).status).toBe(403);
    expect((await analyst.client.ask('{ organization { auditLog { edges { cursor } } } }')).code).toBe('FORBIDDEN');
  });

  it('records who downloaded a report, also by its link', async () => {
    const { data } = await owner.client.ask(
      'mutation { generateReport(templateId: "campaign-performance", range: { start: "2026-09-01", end: "2026-09-02" }) { report { id } } }',
    );
    const { downloadUrl } = await finishedReport(owner.client, data.generateReport.report.id);
    expect((await fetch(downloadUrl)).status).toBe(200);
    const { pathname } = new URL(downloadUrl);
    expect((await fetch(`${platform.url}${pathname}`, { headers: owner.client.headers })).status).toBe(200);
    const log = await owner.client.ask(
      '{ organization { auditLog(filter: { actions: ["report.*"] }) { edges { node { action actor { kind } target { id } } } } } }',
    );
    const target = { id: data.generateReport.report.id };
    expect(log.data.organization.auditLog.edges.map(({ node }: any) => node)).toEqual([
      { action: 'report.downloaded', actor: { kind: 'USER' }, target },
      { action: 'report.downloaded', actor: { kind: 'SERVICE' }, target },
      { action: 'report.ordered', actor: { kind: 'USER' }, target },
    ]);
  });

  it('records actions of operators in the trail of the installation', async () => {
    const authorization = `Basic ${Buffer.from(`emil:${TOKEN}`).toString('base64')}`;
    const answer = await fetch(`${platform.url}/jobs/api/jobs/delete`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ jobIds: ['00000000-0000-4000-8000-000000000000'] }),
    });
    expect(answer.status).toBe(200);
    await eventually('the deletion stands in the trail', async () => {
      const found = await databaseRows(
        platform,
        `SELECT FROM operations.audit_event WHERE organization_id = '00000000-0000-0000-0000-000000000000'
         AND action = 'jobs.delete' AND actor_id = 'emil'`,
      );
      return found.length > 0;
    });
  });

  it('restricts a member without the required second factor to setting it up', async () => {
    const member = await newMember('Member');
    await databaseRows(platform, 'UPDATE auth.organization SET requires_two_factor = true WHERE id = $1', [
      member.organizationId,
    ]);
    const { data: signedIn } = await new Client(platform.url).ask(
      'mutation ($email: String!, $password: String!) { logIn(email: $email, password: $password) { accessToken user { name } } }',
      {
        email: (await databaseRows(platform, 'SELECT email FROM auth.person WHERE id = $1', [member.userId]))[0].email,
        password,
      },
    );
    const client = new Client(platform.url).as(signedIn.logIn.accessToken);
    for (const query of [
      '{ organization { name } }',
      '{ me { organization { connections { id } } } }',
      'mutation { createClient(name: "x", accountIds: []) { client { id } } }',
      '{ providers { id } }',
    ]) {
      expect((await client.ask(query)).code).toBe('TWO_FACTOR_SETUP_REQUIRED');
    }
    // As administrators of the organization that runs the installation they would be operators.
    platform.operators.admit(member.organizationId);
    const elsewhere = { ...client.headers, 'x-forwarded-for': '192.0.2.1' };
    for (const path of [
      ...['/jobs', '/jobs/', '/jobs/api', '/metrics', '/api/status', '/api/audit.csv'],
      ...['/reports/1/download.csv', '/reports/nothing/download.csv'],
    ]) {
      const refused = await fetch(`${platform.url}${path}`, { headers: elsewhere, redirect: 'manual' });
      const answer = (await refused.json()) as any;
      const code = answer.code ?? answer.errors[0].extensions.code;
      expect([path, refused.status, code]).toEqual([path, 403, 'TWO_FACTOR_SETUP_REQUIRED']);
    }
    const started = await client.ask(
      'mutation ($password: String!) { startTwoFactor(password: $password) { secret } }',
      {
        password,
      },
    );
    const code = new TOTP({ secret: started.data.startTwoFactor.secret }).generate();
    const done = await client.ask('mutation ($code: String!) { confirmTwoFactor(code: $code) { recoveryCodes } }', {
      code,
    });
    expect(done.data.confirmTwoFactor.recoveryCodes).toHaveLength(10);
    await eventually('the member may go on', async () => !(await client.ask('{ providers { id } }')).errors);
  });
});
