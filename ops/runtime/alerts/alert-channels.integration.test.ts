import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { eventually } from '#ops/testing/eventually.js';
import { startMailServer } from '#ops/testing/mail-server.js';
import { readBody } from '#ops/testing/read-body.js';
import { openTestBaseServices } from '#ops/testing/test-services.js';
import type { Alert } from '#runtime/alert.js';
import { createLogger, type Logger } from '#runtime/log/logger.js';
import type { BaseServices } from '#runtime/services.js';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Reads an envelope as https://develop.sentry.dev/sdk/data-model/envelopes/ describes it: lines, and payloads by length. */
function readEnvelope(body: string) {
  let rest = Buffer.from(body);
  const line = () => {
    const end = rest.indexOf('\n');
    const text = rest.subarray(0, end < 0 ? rest.length : end).toString();
    rest = end < 0 ? Buffer.alloc(0) : rest.subarray(end + 1);
    return text;
  };
  const header = JSON.parse(line());
  const items = [];
  while (rest.length > 0) {
    const itemHeader = JSON.parse(line());
    const payload =
      itemHeader.length === undefined ? Buffer.from(line()) : rest.subarray(0, (itemHeader.length as number) || 0);
    if (itemHeader.length !== undefined) rest = rest.subarray(itemHeader.length + 1);
    items.push({ header: itemHeader, payload: JSON.parse(payload.toString()) });
  }
  return { header, items };
}

describe('an alert reaches operators', () => {
  let received: Received[];
  let statuses: number[];
  let responseHeaders: Record<string, string>;
  let server: ReturnType<typeof createServer>;
  let origin: string;
  let opened: BaseServices[];
  beforeEach(async () => {
    received = [];
    statuses = [];
    responseHeaders = {};
    opened = [];
    server = createServer(async (request, response) => {
      const body = await readBody(request);
      if (!body) return;
      received.push({ path: request.url ?? '', headers: request.headers, body: body.toString() });
      response.writeHead(statuses.shift() ?? 200, responseHeaders).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    for (const base of opened) await base.lifecycle.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function open(environment: Record<string, string>, logger?: Logger): Promise<BaseServices> {
    const base = await openTestBaseServices({ environment, logger });
    opened.push(base);
    return base;
  }

  const alert: Alert = {
    category: 'database',
    key: 'backup-stale',
    runbook: 'backup-overdue',
    message: 'No backup for 8 hours:\r\nBcc: run `npm run backup`',
    error: new Error('postgres://ada:S3CRET@db failed', { cause: new RangeError('disk full') }),
    requestId: 'request-1',
    organizationId: 'organization-1',
    details: { hours: 8, accessToken: 'S3CRET' },
  };

  it('in the log', async () => {
    const lines: unknown[][] = [];
    const error = (...line: unknown[]) => void lines.push(line);
    const { alerts } = await open({}, { ...createLogger({ level: 'silent' }), error } as unknown as Logger);
    alerts.raise(alert);
    await alerts.close();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toEqual([
      expect.objectContaining({ category: 'database', key: 'backup-stale', requestId: 'request-1', alert: true }),
      alert.message,
    ]);
  });

  it('at a webhook, as JSON with a text for chat tools', async () => {
    const { alerts } = await open({ ALERT_WEBHOOK_URL: `http://${origin}/hook` });
    statuses = [503, 502];
    alerts.raise(alert);
    alerts.raise(alert);
    alerts.raise(alert);
    // Twice more after a passing failure.
    await eventually('it was taken', () => received.length === 3);
    await alerts.close();
    // The two repeats as one.
    await eventually('the repeats were sent', () => received.length === 4);
    const [, , first, second] = received.map(({ body }) => JSON.parse(body));
    expect(received[2]).toMatchObject({ path: '/hook', headers: { 'content-type': 'application/json' } });
    expect(first).toEqual({
      text: expect.stringMatching(
        /^WebMetrics test · database: No backup for 8 hours: Bcc: run `npm run backup`\n\d{4}-\S+Z\. Reported by .+ on .+\. What to do: ops\/runbooks\/backup-overdue\.md$/,
      ),
      category: 'database',
      key: 'backup-stale',
      runbook: 'ops/runbooks/backup-overdue.md',
      message: 'database: No backup for 8 hours: Bcc: run `npm run backup`',
      count: 1,
      firstAt: expect.stringMatching(/^\d{4}-.*Z$/),
      lastAt: first.firstAt,
      source: { program: expect.any(String), host: hostname(), instance: `${hostname()}/${process.pid}` },
      environment: 'test',
      requestId: 'request-1',
      organizationId: 'organization-1',
      error: { name: 'Error', message: 'postgres://[redacted]@db failed' },
      details: { hours: 8, accessToken: '[redacted]' },
    });
    expect(second).toMatchObject({ count: 2, text: expect.stringContaining('(2 times)') });
  });

  it('at a webhook with a secret address, which is not logged', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const logger = createLogger({ level: 'info', isPretty: false, destination });
    const { alerts } = await open({ ALERT_WEBHOOK_URL: `http://${origin}/services/T0000/hush` }, logger);
    statuses = [500, 500, 404];
    alerts.raise(alert);
    await eventually('it failed', () => lines.join('').includes('Sending an alert by webhook failed'));
    await alerts.close();
    expect(received.map(({ path }) => path)).toContain('/services/T0000/hush');
    expect(lines.join('')).not.toContain('hush');
  });

  it('by mail, straight over SMTP, with one subject line', async () => {
    const mailServer = await startMailServer();
    const { alerts, config } = await open({ ALERT_MAIL_TO: 'Operations <ops@example.com>', SMTP_URL: mailServer.url });
    alerts.raise(alert);
    await eventually('it was taken', () => mailServer.received.length > 0);
    await alerts.close();
    await mailServer.close();
    expect(mailServer.received).toHaveLength(1);
    const { to, parsed, raw } = mailServer.received[0]!;
    expect(to).toEqual(['ops@example.com']);
    expect(config.mail.from).toContain(parsed.from?.value[0]?.address);
    expect(parsed.subject).toBe('[WebMetrics] database: No backup for 8 hours: Bcc: run `npm run backup`');
    expect(parsed.headers.has('bcc')).toBe(false);
    expect(parsed.text).toContain('Request: request-1');
    expect(parsed.text).toContain(
      `on ${hostname()} (${hostname()}/${process.pid}). What to do: ops/runbooks/backup-overdue.md`,
    );
    expect(parsed.text).toContain('"hours": 8');
    expect(raw).not.toContain('S3CRET');
  });

  it('as a preview where there is no mail server', async () => {
    const { alerts, config } = await open({ ALERT_MAIL_TO: 'ops@example.com' });
    alerts.raise(alert);
    await alerts.close();
    const folder = join(config.dataDir, 'mail');
    const [file] = readdirSync(folder);
    const { subject } = await simpleParser(readFileSync(join(folder, String(file))));
    expect(subject).toContain('No backup for 8 hours');
  });

  it('at Sentry, in an envelope', async () => {
    const { alerts } = await open({ SENTRY_DSN: `http://publickey@${origin}/sub/42` });
    alerts.raise(alert);
    await eventually('it was taken', () => received.length > 0);
    await alerts.close();
    expect(received).toHaveLength(1);
    const { path, headers, body } = received[0]!;
    expect(path).toBe('/sub/api/42/envelope/');
    expect(headers['content-type']).toBe('application/x-sentry-envelope');
    expect(headers['x-sentry-auth']).toMatch(
      /^Sentry sentry_version=7, sentry_client=webmetrics\/[\d.]+, sentry_key=publickey$/,
    );
    const { header, items } = readEnvelope(body);
    expect(header).toMatchObject({ event_id: expect.stringMatching(/^[0-9a-f]{32}$/), sent_at: expect.any(String) });
    expect(items).toHaveLength(1);
    const [{ header: itemHeader, payload } = {} as never] = items;
    expect(itemHeader.type).toBe('event');
    expect(payload).toMatchObject({
      event_id: header.event_id,
      level: 'error',
      platform: 'node',
      release: expect.stringMatching(/^webmetrics@\d/),
      environment: 'test',
      fingerprint: ['database', 'backup-stale'],
      tags: {
        category: 'database',
        requestId: 'request-1',
        organization: 'organization-1',
        program: expect.any(String),
      },
      extra: {
        hours: 8,
        accessToken: '[redacted]',
        count: 1,
        firstAt: expect.stringMatching(/Z$/),
        instance: `${hostname()}/${process.pid}`,
        runbook: 'ops/runbooks/backup-overdue.md',
      },
    });
    const { values } = payload.exception;
    expect(values.map(({ type, value }: any) => [type, value])).toEqual([
      ['RangeError', 'disk full'],
      ['Error', 'postgres://[redacted]@db failed'],
    ]);
    expect(values[1].stacktrace.frames.at(-1)).toMatchObject({
      filename: expect.stringContaining('alert-channels.integration.test'),
      lineno: expect.any(Number),
    });
    expect(body).not.toContain('S3CRET');
  });

  it('at Sentry within its rate limit', async () => {
    const { alerts } = await open({ SENTRY_DSN: `http://publickey@${origin}/42` });
    responseHeaders = { 'x-sentry-rate-limits': '60:error:organization', 'retry-after': '60' };
    statuses = [429];
    alerts.raise(alert);
    await eventually('it was refused', () => received.length > 0);
    await alerts.close();
    alerts.raise({ ...alert, key: 'other' });
    await alerts.close();
    expect(received).toHaveLength(1);
  });

  it.each(['http://127.0.0.1/42', 'https://key@sentry.example.com'])(
    'but not by a DSN that is none: %s',
    async (dsn) => {
      await expect(open({ SENTRY_DSN: dsn })).rejects.toMatchObject({ code: 'CONFIGURATION' });
    },
  );
});
