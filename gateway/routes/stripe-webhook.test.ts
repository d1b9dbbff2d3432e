import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { createServer } from '#gateway/http/server.js';
import { eventually } from '#ops/testing/eventually.js';
import { createLogger } from '#runtime/log/logger.js';
import { stripeWebhookRoute } from './stripe-webhook.js';

const SIGNATURE = `t=1800000000,v1=${'0a'.repeat(32)}`;

type Execute = SubgraphDataSource['execute'];

describe('POST /webhooks/stripe', () => {
  let app: FastifyInstance;
  let received: unknown[];
  let answer: Execute;
  beforeEach(async () => {
    received = [];
    answer = (async () => ({ data: { receiveStripeEvent: true } })) as unknown as Execute;
    app = await createServer({
      logger: createLogger({ level: 'silent', isPretty: false }),
      isAllowedOrigin: () => false,
    });
    const execute = (async (operation: { variables: unknown }, options: { identity: { kind: string } }) => {
      expect(options.identity.kind).toBe('service');
      received.push(operation.variables);
      return answer(operation as never, options as never);
    }) as unknown as Execute;
    stripeWebhookRoute(app, { execute } as SubgraphDataSource);
  });
  afterEach(() => app.close());

  async function post(payload: string | Buffer, headers: Record<string, string | string[]> = {}) {
    const given = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': SIGNATURE, ...headers };
    const {
      statusCode,
      json,
      headers: answered,
    } = await app.inject({
      method: 'POST',
      url: '/webhooks/stripe',
      headers: given,
      payload,
    });
    return { status: statusCode, code: json().errors?.[0].extensions.code, retryAfter: answered['retry-after'] };
  }

  it.each([
    ['its spaces and order', '{ "b" : 1,\r\n  "a":2 }\n'],
    ['a mark at its beginning', '\uFEFF{}'],
    ['escapes and letters', '{"a":"\\u0000\\/Zoë 😀"}'],
    ['what is no JSON', 'no JSON'],
    ['nothing', ''],
    ['300 kB of metadata', JSON.stringify({ metadata: { note: 'x'.repeat(300_000) } })],
  ])('passes a body on as it is, with %s', async (_title, body) => {
    expect(await post(body)).toMatchObject({ status: 200 });
    expect(received).toEqual([{ body, signature: SIGNATURE }]);
  });

  it('passes on what is sent under another type of content', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream']) {
      expect(await post('{"a":1}', { 'content-type': type })).toMatchObject({ status: 200 });
    }
    expect(received).toHaveLength(3);
  });

  it.each<[string, string | undefined]>([
    ['none', undefined],
    ['an empty one', ''],
    ['one without a time', `v1=${'0a'.repeat(32)}`],
    ['one of another scheme', `t=1800000000,v0=${'0a'.repeat(32)}`],
    ['one in upper case', SIGNATURE.toUpperCase()],
    ['one that is cut', SIGNATURE.slice(0, -1)],
    ['one of 5,000 characters', `${SIGNATURE},${'v'.repeat(5_000)}`],
  ])('refuses a signature without asking billing: %s', async (_title, signature) => {
    const { statusCode, json } = await app.inject({
      method: 'POST',
      url: '/webhooks/stripe',
      headers: {
        'content-type': 'application/json',
        ...(signature !== undefined && { 'stripe-signature': signature }),
      },
      payload: '{}',
    });
    expect([statusCode, json().errors[0].extensions.code]).toEqual([400, 'SIGNATURE_INVALID']);
    expect(received).toEqual([]);
  });

  it('refuses bytes that are not UTF-8, and bodies over 1 MiB', async () => {
    expect(await post(Buffer.from([0x7b, 0xff, 0x7d]))).toMatchObject({ status: 400, code: 'SIGNATURE_INVALID' });
    expect(await post('x'.repeat(1024 * 1024 + 1))).toMatchObject({ status: 413, code: 'REQUEST_TOO_LARGE' });
    expect(received).toEqual([]);
    expect(await post('x'.repeat(1024 * 1024))).toMatchObject({ status: 200 });
  });

  it.each([
    ['SIGNATURE_INVALID', 400],
    ['BAD_USER_INPUT', 400],
    ['SUBGRAPH_UNAVAILABLE', 503],
    ['SERVICE_UNAVAILABLE', 503],
    ['CONFIGURATION', 500],
  ])('answers %s of billing with %d', async (code, status) => {
    answer = (async () => ({ errors: [{ message: 'So it is.', extensions: { code } }] })) as unknown as Execute;
    expect(await post('{}')).toMatchObject({ status, code });
  });

  it('bounds what is under way, and asks for the rest to come again', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    answer = (async () => {
      await held;
      return { data: { receiveStripeEvent: true } };
    }) as unknown as Execute;
    let refused = 0;
    const answers = Array.from({ length: 80 }, async () => {
      const answered = await post('{}');
      if (answered.status === 503) refused += 1;
      return answered;
    });
    await eventually('the surplus is refused', () => refused === 16);
    release();
    const all = await Promise.all(answers);
    const statuses = all.map(({ status }) => status);
    expect(all).toContainEqual({ status: 503, code: 'SERVICE_UNAVAILABLE', retryAfter: '5' });
    expect([statuses.filter((one) => one === 200).length, statuses.filter((one) => one === 503).length]).toEqual([
      64, 16,
    ]);
    expect(await post('{}')).toMatchObject({ status: 200 });
  });
});
