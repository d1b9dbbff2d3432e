import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createServer } from '#gateway/http/server.js';
import type { Jobs } from '#runtime/jobs/jobs.js';
import { createLogger } from '#runtime/log/logger.js';
import { mailEventsRoute } from './mail-events.js';

const TOKEN = 'a-token-that-is-long-enough-1234567890';
const EVENT = { type: 'bounce', recipient: 'ada@example.com' };

describe('POST /webhooks/mail-events', () => {
  let app: FastifyInstance;
  let queued: { name: string; key: string; events: unknown[] }[];
  const jobs = { enqueue: async (name: string, data: any) => void queued.push({ name, ...data }) } as unknown as Jobs;
  const queue = async () => jobs;
  beforeEach(async () => {
    queued = [];
    const logger = createLogger({ level: 'silent', isPretty: false });
    app = await createServer({ logger, isAllowedOrigin: () => false });
  });
  afterEach(() => app.close());

  async function post(body: unknown, { authorization = `Bearer ${TOKEN}`, ...headers }: Record<string, string> = {}) {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await app.inject({
      method: 'POST',
      url: '/webhooks/mail-events',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }), ...headers },
      payload,
    });
    const { errors } = answer.json();
    if (errors) expect(errors[0].extensions.requestId).toBe(answer.headers['x-request-id']);
    return { status: answer.statusCode, code: errors?.[0].extensions.code, answer: answer.json() };
  }

  it('queues a report, under one key however often it is sent', async () => {
    mailEventsRoute(app, { token: TOKEN, queue });
    const events = [EVENT, { type: 'complaint', recipient: 'bob@example.com', messageId: '<a@b>', reason: 'spam' }];
    expect(await post({ events })).toMatchObject({ status: 202, answer: { accepted: 2 } });
    expect(await post({ events })).toMatchObject({ status: 202 });
    expect(queued).toMatchObject([
      { name: 'mail.record-events', events },
      { name: 'mail.record-events', events },
    ]);
    expect(queued[0]?.key).toBe(queued[1]?.key);
  });

  it.each([
    ['no credentials', ''],
    ['another token', `Bearer ${TOKEN.slice(0, -1)}x`],
    ['no token', 'Bearer '],
    ['another scheme', `Basic ${TOKEN}`],
  ])('refuses %s', async (_what, authorization) => {
    mailEventsRoute(app, { token: TOKEN, queue });
    expect(await post('not even JSON', { authorization })).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(queued).toEqual([]);
  });

  it('does not exist without a token in the settings', async () => {
    mailEventsRoute(app, { token: undefined, queue });
    expect(await post({ events: [EVENT] })).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it.each([
    ['nothing', null],
    ['no events', { events: [] }],
    ['too many events', { events: Array.from({ length: 1_001 }, () => EVENT) }],
    ['an unknown type', { events: [{ ...EVENT, type: 'opened' }] }],
    ['no recipient', { events: [{ type: 'bounce' }] }],
    ['a recipient that is none', { events: [{ ...EVENT, recipient: 'a@b\r\nBcc: c@d' }] }],
    ['a zero character', { events: [{ ...EVENT, reason: 'a\0b' }] }],
    ['an endless reason', { events: [{ ...EVENT, reason: 'x'.repeat(1_001) }] }],
  ])('refuses %s as BAD_USER_INPUT', async (_what, body) => {
    mailEventsRoute(app, { token: TOKEN, queue });
    expect(await post(body)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    expect(queued).toEqual([]);
  });

  it('refuses invalid JSON', async () => {
    mailEventsRoute(app, { token: TOKEN, queue });
    expect(await post('{')).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });
});
