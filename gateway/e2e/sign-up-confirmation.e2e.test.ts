import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { type MailServer, startMailServer } from '#ops/testing/mail-server.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, transports } from './open-transport.js';

const password = 'correct horse battery';
const SIGN_UP = `mutation ($email: String!, $password: String!) {
  signUp(name: "Ada", email: $email, password: $password, companyName: "Engines") { accessToken } }`;
const COMPLETE = `mutation ($token: String!, $password: String!) {
  completeSignUp(token: $token, password: $password) { accessToken user { id email emailVerifiedAt } } }`;
const LOG_IN =
  'mutation ($email: String!, $password: String!) { logIn(email: $email, password: $password) { accessToken } }';

describe.each(transports)('a sign-up that is confirmed by mail, over the transport %s', (transportName) => {
  let transport: OpenTransport;
  let anyone: Client;
  let server: MailServer;

  beforeAll(async () => {
    server = await startMailServer();
    transport = await openTransport(transportName, { SIGN_UP_CONFIRMATION: 'on', SMTP_URL: server.url });
    anyone = new Client(transport.url);
  });
  afterAll(async () => {
    await transport.close();
    await server.close();
  });

  const newAddress = () => `${randomUUID()}@example.com`;

  /** The newest mail to an address, once there are so many. */
  async function mailTo(email: string, count = 1): Promise<string> {
    const texts = () => server.received.filter(({ to }) => to.includes(email)).map(({ parsed }) => String(parsed.text));
    await eventually(`mail ${count} to ${email}`, () => texts().length === count);
    return texts().at(-1) as string;
  }

  async function linkFor(email: string): Promise<URL> {
    const text = await mailTo(email);
    return new URL(/http\S+\/complete-sign-up\?token=\S+/.exec(text)?.[0] ?? 'missing:');
  }

  const tokenIn = (link: URL) => link.searchParams.get('token') ?? '';

  const press = (link: URL, fields: Record<string, string>) =>
    fetch(new URL(link.pathname, link), {
      method: 'POST',
      body: new URLSearchParams({ token: tokenIn(link), ...fields }),
    });

  /** Signs up; what is in the answer but for what differs between any two. */
  async function signUp(email: string) {
    const { response, body } = await anyone.post(SIGN_UP, { email, password });
    const { requestId, ...extensions } = body.errors[0].extensions;
    expect(requestId).toEqual(expect.any(String));
    const headers = [...response.headers.keys()].filter((name) => name !== 'date');
    return { status: response.status, headers, body: { ...body, errors: [{ ...body.errors[0], extensions }] } };
  }

  it('is completed through the API, and its address answered like a new one afterwards', async () => {
    const email = newAddress();
    // A document costs more when it is new.
    await signUp(newAddress());
    const first = await signUp(email);
    expect(first).toMatchObject({
      status: 200,
      body: {
        errors: [
          {
            message: 'Look into your mail: the link in it completes the sign-up.',
            extensions: { code: 'CONFIRMATION_REQUIRED' },
          },
        ],
      },
    });
    const { data } = await anyone.ask(COMPLETE, { token: tokenIn(await linkFor(email)), password });
    expect(data.completeSignUp.user).toMatchObject({ email, emailVerifiedAt: expect.any(String) });
    const me = await anyone.as(data.completeSignUp.accessToken).ask('{ me { email } }');
    expect(me.data).toEqual({ me: { email } });

    expect(await signUp(email)).toEqual(first);
    const mail = await mailTo(email, 2);
    expect(mail).toContain('belongs to an account already');
    expect(mail).not.toContain('sign-up?token=');
  });

  it('is completed on a page, which requires the password and leaves no session', async () => {
    const email = newAddress();
    await signUp(email);
    const link = await linkFor(email);
    for (const method of ['GET', 'HEAD', 'GET']) {
      const opened = await fetch(link, { method });
      expect([opened.status, opened.headers.get('cache-control')]).toEqual([200, 'no-store']);
      if (method === 'GET') expect(await opened.text()).toContain('autocomplete="current-password"');
    }
    const wrong = await press(link, { password: 'not the password of the sign-up' });
    const page = await wrong.text();
    expect([wrong.status, page]).toEqual([
      400,
      expect.stringContaining('It is not the one that was given at sign-up.'),
    ]);
    expect(page).toContain('type="password"');
    expect(page).not.toContain('not the password');

    const pressed = await press(link, { password });
    expect([pressed.status, await pressed.text()]).toEqual([200, expect.stringContaining('Your account is ready')]);
    expect(pressed.headers.get('set-cookie')).toBeNull();
    const sessions = await databaseRows(
      transport,
      'SELECT s.revoked_at FROM auth.session AS s JOIN auth.person AS p ON p.id = s.person_id WHERE p.email = $1',
      [email],
    );
    expect(sessions).toEqual([{ revoked_at: expect.any(Date) }]);
    const again = await press(link, { password });
    expect([again.status, await again.text()]).toEqual([400, expect.stringContaining('This link does not work')]);
    expect((await anyone.ask(LOG_IN, { email, password })).code).toBeUndefined();
  });
});
