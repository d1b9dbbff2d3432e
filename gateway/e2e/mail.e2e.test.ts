import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testJobRun } from '#ops/testing/job-run.js';
import { type MailServer, startMailServer } from '#ops/testing/mail-server.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport } from './open-transport.js';

const TOKEN = 'the-token-of-a-mail-service-0123456789';
const PATIENCE_MS = 90_000;

describe('mail', () => {
  let transport: OpenTransport;
  let server: MailServer;
  beforeAll(async () => {
    server = await startMailServer();
    transport = await openTransport('in-process', { MAIL_BOUNCE_TOKEN: TOKEN, SMTP_URL: server.url });
  });
  afterAll(async () => {
    await transport.close();
    await server.close();
  });

  /** Resolves with the rows once there are any. */
  async function eventually(statement: string): Promise<any[]> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const rows = await databaseRows(transport, statement);
      if (rows.length > 0) return rows;
      if (Date.now() > deadline) throw new Error(`Nothing came of ${statement}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('without a queued job is sent by the schedule, and its address is suppressed once it bounced', async () => {
    const client = new pg.Client({ connectionString: transport.base.config.databaseUrl });
    await client.connect();
    const manager = { query: async (sql: string, values: unknown[]) => (await client.query(sql, values)).rows };
    await queueMail(manager as never, { recipient: 'ada@example.com', subject: 'Hello', text: 'Hi', kind: 'test' });
    await client.end();
    const [{ message_id: messageId }] = await eventually("SELECT * FROM operations.mail WHERE status = 'SENT'");
    expect(server.received.map(({ parsed }) => parsed.messageId)).toEqual([messageId]);

    const report = () =>
      fetch(`${transport.url}/webhooks/mail-events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify({ events: [{ type: 'bounce', recipient: 'ada@example.com', messageId, reason: 'gone' }] }),
      });
    expect([(await report()).status, (await report()).status]).toEqual([202, 202]);
    expect(await eventually('SELECT * FROM operations.mail_suppression')).toMatchObject([
      { address: 'ada@example.com', cause: 'BOUNCE', reason: 'gone' },
    ]);
    await eventually("SELECT * FROM operations.mail WHERE status = 'BOUNCED' AND reason = 'gone'");
  });

  it('about the end of a trial reaches those who manage billing, whom auth names', async () => {
    const { organizationId } = await new Client(transport.url).signUp('Trial');
    await databaseRows(
      transport,
      "UPDATE operations.entitlement SET next_at = now() + interval '2 days' WHERE organization_id = $1",
      [organizationId],
    );
    const billing = transport.local.find(({ name }) => name === 'billing');
    for (const name of ['billing.follow-clock', 'billing.plan-notices', 'billing.send-notices']) {
      await billing?.jobs.find((job) => job.name === name)?.run({} as never, testJobRun());
    }
    await eventually("SELECT * FROM operations.mail WHERE status = 'SENT' AND kind = 'billing-trial-ending'");
    const mail = server.received.find(({ parsed }) => parsed.subject?.startsWith('Your trial ends on'));
    expect([mail?.parsed.to].flat().map((to) => to?.text)).toEqual([expect.stringMatching(/^trial-.*@example\.com$/)]);
    expect(mail?.parsed.text).toContain('scheduled reports are paused');
  });
});
