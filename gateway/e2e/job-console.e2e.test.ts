import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { eventually } from '#ops/testing/job-stage.js';
import { type Jobs, openJobs } from '#runtime/jobs/jobs.js';
import type { Logger } from '#runtime/log/logger.js';
import { type OpenTransport, openTransport, transports } from './open-transport.js';

const TOKEN = 'abcdefghijklmnopqrstuvwxyz-0123456789';
const basic = (password: string) => `Basic ${Buffer.from(`emil:${password}`).toString('base64')}`;

describe.each(transports)('the job console (%s)', (transport) => {
  let platform: OpenTransport;
  let jobs: Jobs;
  const lines: Record<string, unknown>[] = [];

  beforeAll(async () => {
    platform = await openTransport(transport, { OPERATOR_TOKEN: TOKEN });
    const { logger, config } = platform.base;
    // The gateway's own logger is silent: its audit lines are taken where they are made.
    const taken = pino({ customLevels: { audit: 55 } }, { write: (line) => void lines.push(JSON.parse(line)) });
    (logger as { audit: Logger['audit'] }).audit = taken.audit.bind(taken) as Logger['audit'];
    jobs = await openJobs({ databaseUrl: config.databaseUrl, logger });
  });
  afterAll(async () => {
    await jobs.close();
    await platform.close();
  });

  const ask = (path: string, headers: Record<string, string> = {}, body?: object) =>
    fetch(`${platform.url}${path}`, {
      redirect: 'manual',
      method: body ? 'POST' : 'GET',
      headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      body: body && JSON.stringify(body),
    });
  const asOperator = { authorization: basic(TOKEN) };

  /** A job without a worker. */
  async function waitingJob(key: string): Promise<string> {
    await jobs.enqueue('test.idle', { key });
    return (await jobs.find('test.idle', key))?.id as string;
  }

  it.each(['/jobs', '/jobs/', '/jobs/api', '/jobs/index.html', '/jobs/api/stats', '/jobs/nothing'])(
    'shows %s to operators only, and lets a browser ask for the password',
    async (path) => {
      for (const headers of [{}, { authorization: basic('wrong') }]) {
        const answer = await ask(path, headers as Record<string, string>);
        expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
          401,
          'Basic realm="WebMetrics operators", charset="UTF-8"',
        ]);
        expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      }
    },
  );

  it('is a page that may load its own parts only', async () => {
    const redirect = await ask('/jobs', asOperator);
    expect([redirect.status, new URL(redirect.headers.get('location') ?? '', `${platform.url}/jobs`).pathname]).toEqual(
      [302, '/jobs/'],
    );
    const page = await ask('/jobs/', asOperator);
    const html = await page.text();
    expect([page.status, page.headers.get('www-authenticate')]).toEqual([200, null]);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
    const [, script = ''] = /src="\.\/(assets\/[^"]+\.js)"/.exec(html) ?? [];
    expect((await ask(`/jobs/${script}`, asOperator)).status).toBe(200);
    // The actions stay in view at 1,100 pixels.
    const stylesheets = [...html.matchAll(/rel="stylesheet"[^>]* href="\.\/([^"]+)"/g)].map(([, path]) => path);
    expect(stylesheets.at(-1)).toBe('webmetrics.css');
    const style = await ask('/jobs/webmetrics.css', asOperator);
    expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    // A stream of events that there is not: the browser does not ask again, and the log has no error.
    expect((await ask('/jobs/api/events', asOperator)).status).toBe(204);
    const elsewhere = await ask('/ready');
    expect(elsewhere.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('lists jobs', async () => {
    const id = await waitingJob('listed');
    const answer = await ask('/jobs/api?job=test.idle', asOperator);
    const { jobs: listed } = (await answer.json()) as { jobs: { job: { _id: string; data: object } }[] };
    expect(listed.find(({ job }) => job._id === id)).toMatchObject({ queued: true, job: { data: { key: 'listed' } } });
  });

  it('deletes jobs, and records the operator in the audit log', async () => {
    const id = await waitingJob('deleted');
    const answer = await ask(
      '/jobs/api/jobs/delete',
      { ...asOperator, 'x-request-id': 'request-of-test' },
      { jobIds: [id] },
    );
    expect(await answer.json()).toEqual({ deleted: true, deletedCount: 1 });
    expect(await jobs.find('test.idle', 'deleted')).toBeNull();
    await eventually('it is in the log', () => lines.some(({ requestId }) => requestId === 'request-of-test'));
    expect(lines.find(({ requestId }) => requestId === 'request-of-test')).toMatchObject({
      level: 55,
      operator: 'emil',
      action: 'delete',
      jobIds: [id],
      status: 200,
    });
  });

  it.each<[string, Record<string, string>]>([
    ['of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of another port of this host', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:3000' }],
    ['of a browser that sends the origin only', { origin: 'https://evil.example' }],
    ['with an opaque origin', { origin: 'null' }],
  ])('refuses what a page asks for %s, with the right password', async (_whose, headers) => {
    const id = await waitingJob('kept');
    const change = await ask('/jobs/api/jobs/delete', { ...asOperator, ...headers }, { jobIds: [id] });
    expect([change.status, await change.json()]).toMatchObject([
      403,
      { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    ]);
    expect((await ask('/jobs/api', { ...asOperator, ...headers })).status).toBe(403);
    expect(await jobs.find('test.idle', 'kept')).toMatchObject({ id });
  });

  it('can be reached by a link from another site, and uses itself', async () => {
    // As a browser sends it: fetch of Node.js sets its own sec-fetch-mode.
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const linked = await platform.app.inject({ url: '/jobs/', headers: { ...asOperator, ...link } });
    expect(linked.statusCode).toBe(200);
    const form = { method: 'POST', url: '/jobs/api/jobs/pause', payload: { jobIds: [] } } as const;
    expect((await platform.app.inject({ ...form, headers: { ...asOperator, ...link } })).statusCode).toBe(403);
    const own = { 'sec-fetch-site': 'same-origin', origin: platform.url };
    expect((await ask('/jobs/api/jobs/pause', { ...asOperator, ...own }, { jobIds: [] })).status).toBe(200);
  });

  it('reports only that it failed', async () => {
    const answer = await ask('/jobs/api/jobs/delete', asOperator, { jobIds: ["' OR 1=1"] });
    const text = await answer.text();
    expect(text).not.toMatch(/uuid|syntax|SELECT|DELETE FROM/);
  });
});
