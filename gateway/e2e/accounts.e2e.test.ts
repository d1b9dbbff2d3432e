import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import { eventually } from '#ops/testing/eventually.js';
import { type MailServer, startMailServer } from '#ops/testing/mail-server.js';
import { IdentitySigner } from '#runtime/identity/identity.js';
import { createLogger } from '#runtime/log/logger.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, transports } from './open-transport.js';

const password = 'correct horse battery';
const oldSecret = randomBytes(32).toString('hex');
const newSecret = randomBytes(32).toString('hex');

describe.each(transports)('accounts over the transport %s', (transportName) => {
  let transport: OpenTransport;
  let anyone: Client;
  let server: MailServer;
  const log: string[] = [];

  beforeAll(async () => {
    const logger = createLogger({
      level: 'info',
      isPretty: false,
      destination: { write: (line) => void log.push(line) },
    });
    server = await startMailServer();
    const environment = { JWT_SECRET: newSecret, JWT_SECRET_PREVIOUS: oldSecret, SMTP_URL: server.url };
    transport = await openTransport(transportName, environment, logger);
    anyone = new Client(transport.url, { 'user-agent': 'A browser of the test' });
  });
  afterAll(async () => {
    await transport.close();
    await server.close();
  });

  async function signUp() {
    const email = `${randomUUID()}@example.com`;
    const { data, errors } = await anyone.ask(
      `mutation ($email: String!, $password: String!) {
        signUp(name: "Ada", email: $email, password: $password, companyName: "Engines") {
          accessToken user { id organization { id } }
        }
      }`,
      { email, password },
    );
    expect(errors).toBeUndefined();
    return { email, accessToken: data.signUp.accessToken as string, client: anyone.as(data.signUp.accessToken) };
  }

  /** The link in the newest mail of a person that leads to a page, as it arrives. */
  async function linkTo(page: string, email: string): Promise<URL> {
    let found: string | undefined;
    await eventually(`a mail to ${email} with a link to ${page}`, () => {
      const mails = server.received.filter(({ to }) => to.includes(email));
      const pattern = new RegExp(`http\\S+/${page}\\?token=\\S+`);
      found = mails.flatMap(({ parsed }) => pattern.exec(parsed.text ?? '')?.[0] ?? []).at(-1);
      return found !== undefined;
    });
    return new URL(found as string);
  }

  const press = (link: URL, fields: Record<string, string> = {}) =>
    fetch(new URL(link.pathname, link), {
      method: 'POST',
      body: new URLSearchParams({ token: link.searchParams.get('token') ?? '', ...fields }),
    });

  it('opens a link without any effect, as often as a mail scanner likes, and acts on the button', async () => {
    const { client, email } = await signUp();
    const link = await linkTo('verify-email', email);
    const verifiedAt = async () => (await client.ask('{ me { emailVerifiedAt } }')).data.me.emailVerifiedAt;
    for (const method of ['GET', 'HEAD', 'GET']) {
      const opened = await fetch(link, { method });
      expect(opened.status).toBe(200);
      expect(opened.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(opened.headers.get('content-security-policy')).toContain("form-action 'self'");
      expect(opened.headers.get('referrer-policy')).toBe('no-referrer');
      expect(opened.headers.get('cache-control')).toBe('no-store');
      expect(await opened.text()).not.toContain('<script');
    }
    expect(await verifiedAt()).toBeNull();
    const pressed = await press(link);
    expect([pressed.status, await pressed.text()]).toEqual([200, expect.stringContaining('Your address is confirmed')]);
    expect(await verifiedAt()).toEqual(expect.any(String));
    const again = await press(link);
    expect([again.status, await again.text()]).toEqual([400, expect.stringContaining('This link does not work')]);
  });

  it('asks for another password on the page when the first one will not do', async () => {
    const { client, email } = await signUp();
    await anyone.ask('mutation ($email: String!) { requestPasswordReset(email: $email) }', { email });
    const link = await linkTo('reset-password', email);
    const refused = await press(link, { password: 'password1' });
    const page = await refused.text();
    expect(refused.status).toBe(400);
    expect(page).toContain('most common');
    expect(page).toContain('type="password"');
    expect(page).not.toContain('password1');
    expect((await press(link, { password: 'another horse' })).status).toBe(200);
    expect((await client.ask('{ me { id } }')).status).toBe(401);
  });

  it('shows no token as markup on the page of a link, whatever the token is', async () => {
    for (const query of ['', '?token=', '?token=a&token=b', `?token=${'x'.repeat(1_000)}`]) {
      expect((await fetch(`${transport.url}/verify-email${query}`)).status).toBe(400);
    }
    const odd = await fetch(`${transport.url}/verify-email?token=${encodeURIComponent('"><script>alert(1)</script>')}`);
    expect([odd.status, await odd.text()]).toEqual([200, expect.not.stringContaining('<script')]);
    const posted = await fetch(`${transport.url}/verify-email`, {
      method: 'POST',
      body: new URLSearchParams({ token: "'" }),
    });
    expect(posted.status).toBe(400);
    const otherForm = await fetch(`${transport.url}/graphql`, {
      method: 'POST',
      body: new URLSearchParams({ query: '{a}' }),
    });
    expect(otherForm.status).toBeGreaterThanOrEqual(400);
  });

  it('records the address and the user agent a session was started from', async () => {
    const { client } = await signUp();
    const { data } = await client.ask('{ me { sessions { address userAgent isCurrent } } }');
    expect(data.me.sessions).toEqual([{ address: '127.0.0.1', userAgent: 'A browser of the test', isCurrent: true }]);
  });

  it('takes access tokens of the key before, and refuses every other', async () => {
    const { accessToken } = await signUp();
    const [{ person_id: sub, id: sid }] = await databaseRows(
      transport,
      'SELECT id, person_id FROM auth.session ORDER BY created_at DESC LIMIT 1',
    );
    const claims = { sub, sid };
    const audience = 'webmetrics-api';
    const signed = (secret: string, header: Record<string, string>, aud = audience) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', ...header })
        .setIssuer('webmetrics')
        .setAudience(aud)
        .setExpirationTime('1m')
        .sign(Buffer.from(secret));
    const kid = JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString()).kid as string;
    const status = async (token: string) => (await anyone.as(token).ask('{ me { id } }')).status;

    const good = [
      accessToken,
      await new IdentitySigner(newSecret).signClaims(claims, audience, 60),
      await new IdentitySigner(oldSecret).signClaims(claims, audience, 60),
      await signed(newSecret, { kid }),
    ];
    expect(await Promise.all(good.map(status))).toEqual(good.map(() => 200));
    const strange = randomBytes(32).toString('hex');
    const bad = {
      'a strange key': await new IdentitySigner(strange).signClaims(claims, audience, 60),
      'a strange key under our name': await signed(strange, { kid }),
      'no key id': await signed(newSecret, {}),
      'another audience': await signed(newSecret, { kid }, 'gateway'),
      'a subgraph’s audience': await signed(newSecret, { kid }, 'auth'),
      'another algorithm': await signed(newSecret, { kid, alg: 'HS512' }),
      'no signature': new UnsecuredJWT(claims).setIssuer('webmetrics').setAudience(audience).encode(),
      'an expired one': await new IdentitySigner(newSecret).signClaims(claims, audience, -60),
    };
    const refused = Object.keys(bad).map((what) => [what, 401]);
    const answered = await Promise.all(Object.entries(bad).map(async ([what, token]) => [what, await status(token)]));
    expect(answered).toEqual(refused);
  });

  it('writes no token of a link into the log', async () => {
    const { email } = await signUp();
    const link = await linkTo('verify-email', email);
    await fetch(link);
    await press(link);
    const path = '/verify-email';
    await eventually('the log lines', () => log.filter((line) => line.includes(path)).length >= 2);
    expect(log.join('\n')).not.toContain(link.searchParams.get('token'));
  });
});
