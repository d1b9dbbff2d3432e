import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { PERSONAL_DATA_AUDIENCE } from '#runtime/identity/token-audiences.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, transports } from './open-transport.js';
import { openTenant, type Tenant } from './tenant.js';

const EXPORT = 'mutation { exportMyData { downloadUrl expiresAt } }';

describe.each(transports)('what is held about a person, over the transport %s', (transportName) => {
  let transport: OpenTransport;
  let ours: Tenant;

  beforeAll(async () => {
    transport = await openTransport(transportName);
    ours = await openTenant(new Client(transport.url), 'Ada');
  }, 180_000);
  afterAll(() => transport.close());

  const linkOf = async (client: Client): Promise<URL> => {
    const { data, errors } = await client.ask(EXPORT);
    expect(errors).toBeUndefined();
    return new URL(data.exportMyData.downloadUrl);
  };

  it('is a file with all they did, were sent and ordered, from every subgraph', async () => {
    const response = await fetch(await linkOf(ours.client));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toContain('webmetrics-my-data.json');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    const data = (await response.json()) as any;
    expect(Object.keys(data)).toEqual(['exportedAt', 'auth', 'integrations', 'reporting', 'billing']);
    expect(data.auth.profile).toMatchObject({ id: ours.userId, name: 'Ada' });
    expect(data.auth.memberships).toMatchObject([{ organizationId: ours.organizationId, role: 'OWNER' }]);
    expect(data.auth.sessions).toHaveLength(1);
    expect(data.auth.links).toMatchObject([{ purpose: 'VERIFY_EMAIL', email: data.auth.profile.email }]);
    expect(data.auth.twoFactor).toEqual([]);
    expect(data.auth.auditEvents.map(({ action }: any) => action)).toEqual(
      expect.arrayContaining(['account.created', 'personal-data.exported']),
    );
    expect(data.reporting.reports).toMatchObject([{ id: ours.reportId, status: 'READY' }]);
  });

  it('contains no secret, and nothing about anyone else', async () => {
    await databaseRows(
      transport,
      `INSERT INTO operations.audit_event (organization_id, action, actor_kind, actor_id, request_id, target_type, target_id)
       VALUES ($1, 'connection.made', 'user', $2, 'r', 'connection', $3)`,
      [ours.organizationId, ours.userId, ours.connectionId],
    ).catch(() => []);
    const text = await (await fetch(await linkOf(ours.client))).text();
    const secrets = await databaseRows(
      transport,
      `SELECT password_hash AS secret FROM auth.person UNION ALL SELECT hash FROM auth.refresh_token
       UNION ALL SELECT token_hash FROM auth.invitation UNION ALL SELECT email FROM auth.invitation
       UNION ALL SELECT sealed_tokens FROM integrations.connection`,
    );
    expect(secrets.length).toBeGreaterThan(3);
    for (const { secret } of secrets) expect(text).not.toContain(secret);
  });

  it('is fetched by a link that was made for it, and by nothing else', async () => {
    const link = await linkOf(ours.client);
    const ask = async (token?: string, headers: Record<string, string> = {}) =>
      (await fetch(`${link.origin}${link.pathname}${token === undefined ? '' : `?token=${token}`}`, { headers }))
        .status;
    const { internalSigner, accessTokenSigner } = transport.base;
    const { sid: sessionId } = decodeJwt<{ sid: string }>(ours.accessToken);
    const claims = { personId: ours.userId, sessionId };
    expect(await ask()).toBe(401);
    expect(await ask(undefined, { authorization: `Bearer ${ours.accessToken}` })).toBe(401);
    for (const token of [
      'nonsense',
      ours.accessToken,
      new URL(ours.downloadUrl).searchParams.get('token') as string,
      await internalSigner.signClaims(claims, PERSONAL_DATA_AUDIENCE, -1),
      await internalSigner.signClaims(claims, 'gateway', 60),
      await accessTokenSigner.signClaims(claims, PERSONAL_DATA_AUDIENCE, 60),
    ])
      expect(await ask(token)).toBe(401);
    expect(await ask(await internalSigner.signClaims(claims, PERSONAL_DATA_AUDIENCE, 60))).toBe(200);
    for (const others of [{ personId: ours.userId }, { personId: randomUUID(), sessionId }]) {
      expect(await ask(await internalSigner.signClaims(others, PERSONAL_DATA_AUDIENCE, 60))).toBe(401);
    }
  });

  it('is fetched while the session of the link lasts', async () => {
    const { client } = await new Client(transport.url).signUp('Bea');
    const link = await linkOf(client);
    expect((await fetch(link)).status).toBe(200);
    expect((await client.ask('mutation { logOut }')).data.logOut).toBe(true);
    expect((await fetch(link)).status).toBe(401);
  });

  it('is exported by a user without an organization, who can delete the account', async () => {
    const anyone = new Client(transport.url);
    const { userId, organizationId } = await anyone.signUp('Cleo');
    const [{ email }] = await databaseRows(transport, 'SELECT email FROM auth.person WHERE id = $1', [userId]);
    await databaseRows(transport, 'DELETE FROM auth.organization WHERE id = $1', [organizationId]);
    const { data } = await anyone.ask(
      'mutation ($email: String!) { logIn(email: $email, password: "correct horse battery") { accessToken } }',
      { email },
    );
    const client = anyone.as(data.logIn.accessToken);
    const me = await client.ask('{ me { email role organization { id } } }');
    expect(me).toMatchObject({ errors: undefined, data: { me: { email, role: null, organization: null } } });
    expect((await client.ask('{ providers { id } }')).code).toBe('FORBIDDEN');
    expect((await fetch(`${transport.url}/api/audit.csv`, { headers: client.headers })).status).toBe(401);
    const link = await linkOf(client);
    expect((await fetch(link)).status).toBe(200);
    const deleted = await client.ask('mutation { deleteAccount(password: "correct horse battery") }');
    expect(deleted.data).toEqual({ deleteAccount: true });
    expect((await fetch(link)).status).toBe(401);
  });

  it('is answered by a subgraph to the gateway only', async () => {
    for (const [name, url] of Object.entries(transport.subgraphUrls)) {
      const address = new URL(`personal-data/${ours.userId}`, url);
      expect((await fetch(address)).status).toBe(401);
      const asThem = await transport.base.internalSigner.sign(ours.identity, name);
      expect((await fetch(address, { headers: { authorization: `Bearer ${asThem}` } })).status).toBe(401);
      const asService = { kind: 'service' as const, scopes: [], requestId: 'r' };
      const headers = { authorization: `Bearer ${await transport.base.internalSigner.sign(asService, name)}` };
      const unknown = await fetch(new URL(`personal-data/${randomUUID()}`, url), { headers });
      expect(unknown.status).toBe(200);
      expect((await fetch(new URL('personal-data/nonsense', url), { headers })).status).toBe(200);
    }
  });
});
