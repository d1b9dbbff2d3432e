import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { freePort } from '#ops/testing/free-port.js';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { type MailServer, startMailServer } from '#ops/testing/mail-server.js';
import { openTestServices } from '#ops/testing/test-services.js';
import type { Alert } from '#runtime/alert.js';
import type { Services } from '#runtime/services.js';
import { deliverMail } from './deliver-mail.js';
import { type MailEvent, recordMailEvents } from './mail-event.js';
import { MAX_ATTACHED_BYTES, storeMailFile } from './mail-file.js';
import { type MailTransport, openMailTransport } from './mail-transport.js';
import { claimMail, trimMail } from './outbox.js';
import { type Mail, queueMail } from './queue-mail.js';

const MINUTE_MS = 60_000;

interface Row {
  id: string;
  status: string;
  reason: string | null;
  attempts: number;
  message_id: string | null;
  text: string;
  html: string | null;
}

describe('the mail outbox', () => {
  const closing: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function mailServer(options?: Parameters<typeof startMailServer>[0]): Promise<MailServer> {
    const server = await startMailServer(options);
    closing.push(() => server.close());
    return server;
  }

  /** An installation with its own database, whose mail goes to `url`, or into files. */
  async function outbox(url?: string, now?: () => Date) {
    const services = await openTestServices({
      now,
      environment: { ...(url && { SMTP_URL: url }), MAIL_FROM: 'WebMetrics <no-reply@metrics.example>' },
    });
    closing.push(() => services.lifecycle.close());
    const alerts: Alert[] = [];
    const quiet: Services = {
      ...services,
      alerts: { raise: (alert) => void alerts.push(alert), close: async () => {} },
    };
    const { operations } = services;
    const newTransport = () => {
      const transport = openMailTransport(services.config.mail, services.config.dataDir);
      closing.push(() => transport.close());
      return transport;
    };
    const transport = newTransport();
    return {
      services,
      operations,
      alerts,
      newTransport,
      queue: (mail: Partial<Mail> = {}) =>
        operations.transaction((manager) =>
          queueMail(manager, { recipient: 'ada@example.com', subject: 'Hello', text: 'Hi', kind: 'test', ...mail }),
        ),
      /** Delivers as one worker does; each has connections of its own. */
      deliver: (own: MailTransport = transport) => deliverMail({ ...quiet, transport: own }, MINUTE_MS),
      rows: () => operations.query<Row[]>('SELECT * FROM operations.mail ORDER BY created_at, id'),
      /** Lets the time come at which everything is tried again. */
      makeDue: () => operations.query("UPDATE operations.mail SET due_at = now() WHERE status = 'QUEUED'"),
      suppressed: () => operations.query('SELECT address, cause, reason FROM operations.mail_suppression'),
    };
  }

  it('delivers a mail once, with what was written and a Message-ID of the sender’s host', async () => {
    const server = await mailServer();
    const { queue, deliver, rows } = await outbox(server.url);
    const id = await queue({ subject: 'Grüße an 名前', text: 'Schön\n.\nEnde', html: '<p>Schön</p>', key: 'a' });
    expect(await deliver()).toBe(true);
    await deliver();
    expect(server.received).toHaveLength(1);
    const [{ from, to, parsed, raw } = {} as never] = server.received;
    expect({ from, to }).toEqual({ from: 'no-reply@metrics.example', to: ['ada@example.com'] });
    expect(parsed.messageId).toBe(`<${id}@metrics.example>`);
    expect(parsed.subject).toBe('Grüße an 名前');
    expect(parsed.from?.text).toBe('"WebMetrics" <no-reply@metrics.example>');
    expect(parsed.text?.trim()).toBe('Schön\n.\nEnde');
    expect(parsed.html).toContain('<p>Schön</p>');
    expect(raw).toContain('Auto-Submitted: auto-generated');
    // What it said is gone from the database with that.
    expect(await rows()).toMatchObject([
      { status: 'SENT', attempts: 1, message_id: parsed.messageId, text: '', html: null },
    ]);
  });

  it('carries files with names in any script, each stored once, and deleted with the last mail that has it', async () => {
    const server = await mailServer();
    const { operations, deliver } = await outbox(server.url);
    const files = [
      {
        name: 'Bericht für Bäcker Groß – März.pdf',
        contentType: 'application/pdf',
        content: Buffer.from('%PDF-1.7 ü\0'),
      },
      { name: 'تقرير الأداء.xlsx', contentType: 'application/zip', content: Buffer.from([0, 255, 13, 10, 46, 13, 10]) },
      { name: '業績レポート 🎉.csv', contentType: 'text/csv; charset=utf-8', content: Buffer.from('名前,1\r\n') },
    ];
    const counts = async () => {
      const [count] = await operations.query(
        'SELECT (SELECT count(*)::int FROM operations.mail_file) AS files, (SELECT count(*)::int FROM operations.mail_attachment) AS attached',
      );
      return count;
    };
    const mail = {
      subject: 'Report',
      text: 'Attached',
      kind: 'report',
      unsubscribeUrl: 'https://metrics.example/stop?a=1',
    };
    await operations.transaction(async (manager) => {
      const fileIds: string[] = [];
      for (const file of files) fileIds.push(await storeMailFile(manager, file));
      await queueMail(manager, { ...mail, recipient: 'ada@example.com', fileIds });
      await queueMail(manager, { ...mail, recipient: 'gone@example.com', fileIds });
      await queueMail(manager, { ...mail, recipient: 'later@example.com', fileIds: fileIds.slice(0, 1) });
    });
    expect(await counts()).toEqual({ files: 3, attached: 7 });
    server.refuse = (at, address) => {
      if (at !== 'RCPT' || address === 'ada@example.com') return undefined;
      return address === 'gone@example.com' ? { code: 550, text: '5.1.1 No such user' } : { code: 450, text: 'Later' };
    };
    await deliver();
    expect(await counts()).toEqual({ files: 1, attached: 1 });
    server.refuse = () => undefined;
    await operations.query("UPDATE operations.mail SET due_at = now() WHERE status = 'QUEUED'");
    await deliver();
    expect(await counts()).toEqual({ files: 0, attached: 0 });
    const [first, second] = server.received.map(({ parsed }) => parsed);
    const received = first?.attachments.map(({ filename, content }) => ({ name: filename, content }));
    expect(received).toEqual(files.map(({ name, content }) => ({ name, content })));
    expect(first?.attachments.map(({ contentType }) => contentType)).toEqual([
      'application/pdf',
      'application/zip',
      'text/csv',
    ]);
    expect(second?.attachments).toHaveLength(1);
    expect(server.received[0]?.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    expect(first?.headers.get('list')).toMatchObject({ unsubscribe: { url: 'https://metrics.example/stop?a=1' } });
    await expect(
      operations.transaction(async (manager) => {
        const content = Buffer.alloc(MAX_ATTACHED_BYTES + 1);
        const fileId = await storeMailFile(manager, {
          name: 'a.bin',
          contentType: 'application/octet-stream',
          content,
        });
        await queueMail(manager, { ...mail, recipient: 'ada@example.com', fileIds: [fileId] });
      }),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(
      operations.transaction((manager) =>
        storeMailFile(manager, { name: '../a\nb.csv', contentType: 'text/csv', content: Buffer.from('') }),
      ),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('queues a mail in the transaction of its cause', async () => {
    const server = await mailServer();
    const { operations, deliver, rows } = await outbox(server.url);
    const mail = { recipient: 'ada@example.com', subject: 'Hello', text: 'Hi', kind: 'test' };
    const failing = operations.transaction(async (manager) => {
      await queueMail(manager, mail);
      throw new Error('the cause did not happen');
    });
    await expect(failing).rejects.toThrow('the cause did not happen');
    await deliver();
    expect([await rows(), server.received]).toEqual([[], []]);
  });

  it('queues one mail per key, also concurrently', async () => {
    const { queue, rows } = await outbox();
    const ids = await Promise.all(Array.from({ length: 4 }, () => queue({ key: 'verify 1' })));
    expect(new Set(ids).size).toBe(1);
    expect(await queue({ key: 'verify 2' })).not.toBe(ids[0]);
    expect(await rows()).toHaveLength(2);
  });

  it.each([
    ['a second header in the recipient', { recipient: 'a@example.com\r\nBcc: b@example.com' }],
    ['a second recipient', { recipient: 'a@example.com,b@example.com' }],
    ['a display name', { recipient: 'A <a@example.com>' }],
    ['no domain', { recipient: 'a' }],
    ['a zero character in the recipient', { recipient: 'a\0@example.com' }],
    ['a second header in the subject', { subject: 'Hello\nBcc: b@example.com' }],
    ['a line separator in the subject', { subject: 'Hello\u2028Bcc: b@example.com' }],
    ['no subject', { subject: '' }],
    ['a zero character in the text', { text: 'a\0b' }],
  ])('refuses %s', async (_what, mail) => {
    const { queue, rows } = await outbox();
    await expect(queue(mail)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await rows()).toEqual([]);
  });

  it('accepts addresses and texts of any script', async () => {
    const server = await mailServer();
    const { queue, deliver } = await outbox(server.url);
    await queue({ recipient: 'δοκιμή@παράδειγμα.example', subject: '🎉 '.repeat(80) });
    await deliver();
    expect(server.received[0]?.to[0]?.normalize()).toContain('δοκιμή@');
    expect(server.received[0]?.parsed.subject?.trim()).toBe('🎉 '.repeat(80).trim());
  });

  it('authenticates over TLS, and refuses an untrusted certificate', async () => {
    const seen: unknown[] = [];
    const server = await mailServer({
      secure: true,
      onAuth: ({ username, password }, { secure }, done) => {
        seen.push({ username, password, secure });
        done(null, password === 'p@ss' ? { user: username } : undefined);
      },
    });
    const url = `smtps://ada:p%40ss@127.0.0.1:${server.port}`;
    const strict = await outbox(url);
    await strict.queue();
    await strict.deliver();
    expect([seen, server.received]).toEqual([[], []]);
    expect(await strict.rows()).toMatchObject([{ status: 'QUEUED', reason: expect.stringContaining('certificate') }]);

    const { queue, deliver, rows } = await outbox(`${url}?tls.rejectUnauthorized=false`);
    await queue();
    await deliver();
    expect(seen).toEqual([{ username: 'ada', password: 'p@ss', secure: true }]);
    expect(await rows()).toMatchObject([{ status: 'SENT' }]);
  });

  it('keeps mail and raises an alert while the server refuses this installation', async () => {
    const server = await mailServer({
      onAuth: (_auth, _session, done) => done(new Error('no')),
      allowInsecureAuth: true,
    });
    const { queue, deliver, rows, alerts, suppressed } = await outbox(
      `smtp://ada:wrong@127.0.0.1:${server.port}?ignoreTLS=true`,
    );
    await queue();
    await deliver();
    expect(await rows()).toMatchObject([{ status: 'QUEUED', attempts: 1 }]);
    expect(await suppressed()).toEqual([]);
    expect(alerts).toMatchObject([{ category: 'integration', key: 'mail-setup' }]);
  });

  it('waits for a server that is down, and delivers when it is back', async () => {
    const port = await freePort();
    const { queue, deliver, rows, makeDue } = await outbox(`smtp://127.0.0.1:${port}`);
    const id = await queue();
    await deliver();
    const [{ message_id: messageId, ...row } = {} as never] = await rows();
    expect(row).toMatchObject({ status: 'QUEUED', attempts: 1, reason: expect.stringContaining('ECONNREFUSED') });
    const server = await mailServer({ port });
    // Not before its time.
    await deliver();
    expect(server.received).toEqual([]);
    await makeDue();
    await deliver();
    expect(server.received.map(({ parsed }) => parsed.messageId)).toEqual([messageId]);
    expect(await rows()).toMatchObject([{ id, status: 'SENT', attempts: 2, reason: null }]);
  });

  it.each(['MAIL', 'RCPT', 'DATA'] as const)('tries again what is refused for the time being at %s', async (place) => {
    const server = await mailServer();
    const { queue, deliver, rows, makeDue, suppressed } = await outbox(server.url);
    await queue();
    server.refuse = (at) => (at === place ? { code: 451, text: '4.7.1 Greylisted' } : undefined);
    await deliver();
    expect(await rows()).toMatchObject([{ status: 'QUEUED', attempts: 1, reason: expect.stringContaining('451') }]);
    expect(await suppressed()).toEqual([]);
    server.refuse = () => undefined;
    await makeDue();
    await deliver();
    expect(await rows()).toMatchObject([{ status: 'SENT', attempts: 2 }]);
    expect(server.received).toHaveLength(1);
  });

  it('sends nothing more to an address that does not exist', async () => {
    const server = await mailServer();
    const { queue, deliver, rows, suppressed } = await outbox(server.url);
    server.refuse = (at) => (at === 'RCPT' ? { code: 550, text: '5.1.1 No such user' } : undefined);
    await queue({ recipient: 'Nobody@example.com' });
    await deliver();
    expect(await rows()).toMatchObject([{ status: 'BOUNCED', reason: expect.stringContaining('No such user') }]);
    expect(await suppressed()).toEqual([
      { address: 'nobody@example.com', cause: 'BOUNCE', reason: expect.stringContaining('No such user') },
    ]);
    const asked: string[] = [];
    server.refuse = (at) => void asked.push(at);
    await queue({ recipient: 'nobody@EXAMPLE.com' });
    await deliver();
    expect((await rows()).map(({ status }) => status).sort()).toEqual(['BOUNCED', 'SUPPRESSED']);
    expect([asked, server.received]).toEqual([[], []]);
  });

  it.each([
    ['the sender', 'MAIL', 550, '5.7.1 Sender not allowed', 'QUEUED', 'mail-setup'],
    ['relaying', 'RCPT', 554, '5.7.1 Relay access denied', 'QUEUED', 'mail-setup'],
    ['a full mailbox', 'RCPT', 552, '5.2.2 Mailbox full', 'QUEUED', undefined],
    ['the content', 'DATA', 554, '5.6.0 Spam', 'FAILED', 'mail-failed test'],
  ] as const)('blames no address for a refusal of %s', async (_what, place, code, text, status, alert) => {
    const server = await mailServer();
    const { queue, deliver, rows, suppressed, alerts } = await outbox(server.url);
    server.refuse = (at) => (at === place ? { code, text } : undefined);
    await queue();
    await deliver();
    expect(await rows()).toMatchObject([{ status, text: 'Hi' }]);
    expect(await suppressed()).toEqual([]);
    expect(alerts.map(({ key }) => key)).toEqual(alert ? [alert] : []);
  });

  it('raises an alert when a server accepts nothing for an hour', async () => {
    const { queue, deliver, alerts, makeDue } = await outbox(`smtp://127.0.0.1:${await freePort()}`);
    await queue();
    for (let attempt = 1; attempt < 8; attempt += 1) await deliver().then(makeDue);
    expect(alerts).toEqual([]);
    await deliver();
    expect(alerts).toMatchObject([{ category: 'integration', key: 'mail-setup' }]);
  });

  it('gives up after two days, with an alert', async () => {
    const server = await mailServer();
    let time = Date.now();
    const { queue, deliver, rows, alerts, makeDue } = await outbox(server.url, () => new Date(time));
    server.refuse = () => ({ code: 421, text: '4.3.2 Busy' });
    await queue();
    await deliver();
    expect(alerts).toEqual([]);
    time += 49 * 60 * MINUTE_MS;
    await makeDue();
    await deliver();
    expect(await rows()).toMatchObject([{ status: 'FAILED', attempts: 2, text: 'Hi' }]);
    expect(alerts).toMatchObject([{ key: 'mail-failed test', details: { kind: 'test' } }]);
  });

  it('sends the same Message-ID again after a crash between the server’s OK and recording it', async () => {
    const server = await mailServer();
    const { queue, deliver, rows, operations, newTransport, makeDue } = await outbox(server.url);
    await queue();
    // A worker up to the moment it dies.
    const claimed = await claimMail(operations, { leaseSeconds: 120, host: 'metrics.example' });
    if (!claimed) throw new Error('Nothing was claimed.');
    const { recipient: to, createdAt: date, ...mail } = claimed;
    await newTransport().send({
      ...mail,
      html: undefined,
      unsubscribeUrl: undefined,
      from: 'no-reply@metrics.example',
      to,
      date,
    });
    await deliver();
    expect(server.received).toHaveLength(1);
    // Its lease ends.
    await makeDue();
    await deliver();
    const [first, second] = server.received.map(({ parsed }) => parsed.messageId);
    expect(first).toBe(claimed.messageId);
    expect(second).toBe(first);
    expect(await rows()).toMatchObject([{ status: 'SENT', attempts: 2 }]);
  });

  it('lets a worker whose lease expired record only that a mail was sent', async () => {
    const { queue, rows, deliver, makeDue } = await outbox();
    await queue();
    let isRefused = () => {};
    let lateDelivery: Promise<boolean> | undefined;
    await new Promise<void>((isBegun) => {
      const send = () =>
        new Promise<void>((_resolve, reject) => {
          isRefused = () => reject(Object.assign(new Error('no'), { responseCode: 554, command: 'DATA' }));
          isBegun();
        });
      lateDelivery = deliver({ send, close: () => {} });
    });
    await makeDue();
    await deliver();
    isRefused();
    await lateDelivery;
    expect(await rows()).toMatchObject([{ status: 'SENT' }]);
  });

  itInDrills(
    'never has two workers send one mail, and drains a thousand',
    async () => {
      const server = await mailServer();
      const { operations, deliver, newTransport, rows } = await outbox(server.url);
      await operations.transaction(async (manager) => {
        for (let number = 0; number < 1_000; number += 1) {
          const recipient = `reader-${number}@example.com`;
          await queueMail(manager, { recipient, subject: `Number ${number}`, text: 'Hi', kind: 'test' });
        }
      });
      await Promise.all([deliver(newTransport()), deliver(newTransport()), deliver(newTransport())]);
      expect((await rows()).every(({ status, attempts }) => status === 'SENT' && attempts === 1)).toBe(true);
      expect(server.received).toHaveLength(1_000);
      expect(new Set(server.received.map(({ to }) => to[0])).size).toBe(1_000);
      expect(new Set(server.received.map(({ parsed }) => parsed.messageId)).size).toBe(1_000);
    },
    180_000,
  );

  it('stops when its time is up and reports that mail is left', async () => {
    const { services, operations, queue, newTransport } = await outbox();
    await queue();
    expect(await deliverMail({ ...services, operations, transport: newTransport() }, 0)).toBe(false);
  });

  it('writes previews without a server, one file per mail', async () => {
    const { services, queue, deliver, rows, operations } = await outbox();
    const id = await queue({ subject: 'Hello', text: 'Look:\nhttps://example.com/?a=b', html: '<p>Look</p>' });
    await deliver();
    await operations.query("UPDATE operations.mail SET status = 'QUEUED', text = 'again', due_at = now()");
    await deliver();
    const folder = join(services.config.dataDir, 'mail');
    const files = readdirSync(folder);
    expect(files).toEqual([
      expect.stringMatching(new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d-\\d{3}Z-${id}\\.eml$`)),
    ]);
    const file = join(folder, String(files[0]));
    expect(statSync(file).mode & 0o077).toBe(0);
    const parsed = await simpleParser(readFileSync(file));
    expect(parsed).toMatchObject({ subject: 'Hello', messageId: `<${id}@metrics.example>` });
    expect(await rows()).toMatchObject([{ status: 'SENT' }]);
  });

  it('is delivered by the job, at once when it is enqueued', async () => {
    const server = await mailServer();
    const { services, queue } = await outbox(server.url);
    const { operationsJobs } = await import('#runtime/operations-jobs.js');
    const { deliverSoon } = await import('./deliver-soon.js');
    await services.jobs.work(operationsJobs(services).map(({ schedule: _none, ...job }) => job));
    closing.push(() => services.jobs.drain(5_000));
    await queue();
    const arrived = new Promise<void>((resolve) => {
      server.refuse = (at) => void (at === 'DATA' && resolve());
    });
    await deliverSoon(services);
    await arrived;
  });

  it('suppresses addresses that are reported later, idempotently', async () => {
    const server = await mailServer();
    const { queue, deliver, rows, operations, suppressed } = await outbox(server.url);
    await queue({ recipient: 'gone@example.com' });
    await queue({ recipient: 'cross@example.com' });
    await deliver();
    const [gone, cross] = (await rows()).map(({ message_id: messageId }) => String(messageId));
    const events: MailEvent[] = [
      { type: 'bounce', recipient: 'Gone@example.com', messageId: gone?.slice(1, -1), reason: 'Account closed' },
      { type: 'complaint', recipient: 'cross@example.com', messageId: cross },
      { type: 'bounce', recipient: 'stranger@example.com', messageId: '<unknown@elsewhere>' },
    ];
    await recordMailEvents(operations, events);
    await recordMailEvents(operations, events);
    expect((await rows()).map(({ status, reason }) => ({ status, reason }))).toEqual([
      { status: 'BOUNCED', reason: 'Account closed' },
      { status: 'SENT', reason: 'complaint' },
    ]);
    expect(await suppressed()).toEqual([
      { address: 'gone@example.com', cause: 'BOUNCE', reason: 'Account closed' },
      { address: 'cross@example.com', cause: 'COMPLAINT', reason: null },
      { address: 'stranger@example.com', cause: 'BOUNCE', reason: null },
    ]);
    await queue({ recipient: 'CROSS@example.com' });
    await deliver();
    expect(server.received).toHaveLength(2);
  });

  it('deletes finished mail after 30 days, and no other', async () => {
    const { operations, queue, rows } = await outbox();
    const waiting = await queue();
    const recent = await queue();
    await queue();
    await operations.query(`UPDATE operations.mail SET status = 'SENT', finished_at = now() - interval '31 days'`);
    await operations.query(`UPDATE operations.mail SET status = 'QUEUED', finished_at = NULL WHERE id = $1`, [waiting]);
    await operations.query(`UPDATE operations.mail SET finished_at = now() WHERE id = $1`, [recent]);
    await trimMail(operations);
    expect(new Set((await rows()).map(({ id }) => id))).toEqual(new Set([waiting, recent]));
  });
});
