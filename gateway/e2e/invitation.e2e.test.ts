import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { type MailServer, startMailServer } from '#ops/testing/mail-server.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, transports } from './open-transport.js';

const password = 'correct horse battery';

describe.each(transports)('an invitation over the transport %s', (transportName) => {
  let transport: OpenTransport;
  let mail: MailServer;
  let anyone: Client;
  let owner: Client;

  beforeAll(async () => {
    mail = await startMailServer();
    transport = await openTransport(transportName, { SMTP_URL: mail.url });
    anyone = new Client(transport.url);
    ({ client: owner } = await anyone.signUp('Owner'));
    // Inviting requires a confirmed address.
    await databaseRows(transport, 'UPDATE auth.person SET email_verified_at = now()');
  });
  afterAll(async () => {
    await transport.close();
    await mail.close();
  });

  /** Invites an address and returns where the mail leads. */
  async function linkFor(email: string): Promise<URL> {
    const invite = 'mutation ($email: String!) { inviteMember(email: $email, role: ANALYST) { invitation { id } } }';
    expect((await owner.ask(invite, { email })).errors).toBeUndefined();
    const received = () => mail.received.find(({ to }) => to.includes(email));
    await eventually('the invitation is received', () => received() !== undefined);
    return new URL(/http\S+/.exec(received()?.parsed.text ?? '')?.[0] as string);
  }

  async function page(url: URL, form?: Record<string, string>) {
    const response = await fetch(url, form && { method: 'POST', body: new URLSearchParams(form) });
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  const tokenOf = (link: URL) => link.searchParams.get('token') as string;

  it('is a page that changes nothing until its button is pressed', async () => {
    const email = `new-${crypto.randomUUID()}@example.com`;
    const link = await linkFor(email);
    expect(link.origin).toBe(new URL(transport.url).origin);
    for (const _twice of [1, 2]) {
      const { status, text, headers } = await page(link);
      expect(status).toBe(200);
      expect(text).toContain('Join Company');
      expect(text).toContain(email);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    const target = new URL(/action="([^"]+)"/.exec((await page(link)).text)?.[1] as string, link);
    const refused = await page(target, { token: tokenOf(link), name: 'New', password: 'short' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('password must have at least 8 characters');
    expect(refused.text).toContain('<form');

    const joined = await page(target, { token: tokenOf(link), name: 'New', password });
    expect(joined.status).toBe(200);
    expect(joined.text).toContain('You belong to Company');
    const logIn = 'mutation ($e: String!, $p: String!) { logIn(email: $e, password: $p) { user { role } } }';
    expect((await anyone.ask(logIn, { e: email, p: password })).data.logIn.user.role).toBe('ANALYST');

    const again = await page(target, { token: tokenOf(link), name: 'New', password });
    expect(again.status).toBe(400);
    expect(again.text).not.toContain('<form');
  });

  it('can be declined on a page, by the link at its end', async () => {
    const email = `stranger-${crypto.randomUUID()}@example.com`;
    const link = await linkFor(email);
    const { parsed } = mail.received.find(({ to }) => to.includes(email)) as MailServer['received'][number];
    const decline = new URL(/http\S+decline-mail\S+/.exec(parsed.text ?? '')?.[0] as string);
    const asked = await page(decline);
    expect([asked.status, asked.text]).toEqual([200, expect.stringContaining('No more of these mails')]);
    expect((await page(link)).status).toBe(200);
    const done = await page(decline, { token: tokenOf(decline) });
    expect([done.status, done.text]).toEqual([200, expect.stringContaining('You get no more of these mails')]);
    expect((await page(link)).status).toBe(400);
  });

  it.each([
    ['no token', '/accept-invitation'],
    ['two tokens', '/accept-invitation?token=a&token=b'],
    ['an unknown token', '/accept-invitation?token=wmi_x'],
    ['markup', '/accept-invitation?token=%22%3E%3Cscript%3E'],
  ])('of %s is refused with an error page', async (_what, path) => {
    const { status, text } = await page(new URL(path, transport.url));
    expect(status).toBe(400);
    expect(text).toContain('This invitation cannot be accepted');
    expect(text).not.toContain('<script');
  });

  it('shows names as text, never as markup', async () => {
    await owner.ask('mutation { updateOrganization(name: "</h1><script>alert(1)</script> $& Co") { __typename } }');
    const { text } = await page(await linkFor(`new-${crypto.randomUUID()}@example.com`));
    expect(text).toContain('Join &lt;/h1&gt;&lt;script&gt;alert(1)&lt;/script&gt; $&amp; Co');
  });
});
