import { randomUUID } from 'node:crypto';
import type { LookupFunction } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { freePort } from '#ops/testing/free-port.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { startWebhookReceiver, type WebhookReceiver } from '#ops/testing/webhook-receiver.js';
import type { Alert } from '#runtime/alert.js';
import { eraseRows } from '#runtime/database/erase-rows.js';
import type { Services } from '#runtime/services.js';
import { AddressGuard } from './address-guard.js';
import {
  findWebhookDelivery,
  listWebhookAttempts,
  listWebhookDeliveries,
  replayWebhookDeliveries,
  replayWebhookDelivery,
} from './deliveries.js';
import {
  createWebhookEndpoint,
  disableWebhookEndpoint,
  enableWebhookEndpoint,
  findWebhookEndpoint,
  rotateWebhookSecret,
} from './endpoint.js';
import type { WebhookEventType } from './event-types.js';
import { claimDeliveries, listDueEndpoints, recordEndpointAttempt, trimWebhookEvents } from './outbox.js';
import { queueTestEvent, queueWebhookEvent } from './queue-event.js';
import { WebhookDispatcher } from './webhook-dispatcher.js';
import { WebhookSender } from './webhook-sender.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

const dataOf = (body: string) => JSON.parse(body).data;

describe('webhooks', () => {
  const closing: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function receiver(): Promise<WebhookReceiver> {
    const server = await startWebhookReceiver();
    closing.push(() => server.close());
    return server;
  }

  /** An organization of an installation with its own database, and a clock the test moves. */
  async function open({ guard = new AddressGuard(LOOPBACK) } = {}) {
    let time = Date.parse('2026-11-29T08:00:00.000Z');
    const now = () => new Date(time);
    const services = await openTestServices({ now });
    closing.push(() => services.lifecycle.close());
    const { operations, sealer } = services;
    const organizationId = randomUUID();
    const alerts: Alert[] = [];
    const disabled: string[] = [];
    const errors: unknown[] = [];
    const logger = { ...services.logger, debug: () => {}, info: () => {}, error: (line: unknown) => errors.push(line) };
    /** A worker of its own, with connections of its own. */
    const newWorker = () => {
      const sender = new WebhookSender(guard);
      const dispatcher = new WebhookDispatcher({
        ...services,
        logger: logger as unknown as Services['logger'],
        alerts: { raise: (alert) => void alerts.push(alert), close: async () => {} },
        sender,
        disableEndpoint: async (endpoint, reason) => {
          disabled.push(reason);
          await disableWebhookEndpoint(operations, endpoint, { reason, at: now() });
        },
      });
      closing.push(async () => {
        await sender.close();
        await dispatcher.close(1_000);
      });
      return dispatcher;
    };
    const worker = newWorker();
    const queue = (userId = 'ada', role: 'ADMIN' | 'VIEWER' = 'VIEWER', key?: string) =>
      operations.transaction((manager) => {
        const data = { userId, role };
        return queueWebhookEvent(manager, { organizationId, type: 'member.joined', data, occurredAt: now(), key });
      });
    const deliver = async (by = worker) => {
      await by.dispatch();
      await by.idle();
    };
    return {
      services,
      operations,
      sealer,
      organizationId,
      alerts,
      errors,
      disabled,
      newWorker,
      now,
      queue,
      deliver,
      advance: (ms: number) => {
        time += ms;
      },
      /** Lets the time pass in steps of which each is shorter than the shortest retry, and delivers in between. */
      pass: async (ms: number, stepMs = 4 * MINUTE_MS) => {
        for (const end = time + ms; time < end; ) {
          time = Math.min(end, time + stepMs);
          await deliver();
        }
      },
      register: (url: string, eventTypes: WebhookEventType[] | null = null) =>
        createWebhookEndpoint(
          { manager: operations, sealer },
          { organizationId, url, description: '', eventTypes, createdBy: null, createdAt: now() },
        ),
      deliveries: (endpointId: string) => listWebhookDeliveries(operations, { organizationId, endpointId, limit: 100 }),
      attempts: async (deliveryId: string) =>
        listWebhookAttempts(operations, { organizationId, deliveryIds: [deliveryId] }),
    };
  }

  it('deliver an event of a committed transaction once, signed as the standard says', async () => {
    const server = await receiver();
    const { operations, organizationId, register, queue, deliver, deliveries, attempts, now } = await open();
    const { endpoint, secret } = await register(server.url, ['member.joined']);
    const failing = operations.transaction(async (manager) => {
      const data = { userId: 'eve', role: 'OWNER' as const };
      await queueWebhookEvent(manager, { organizationId, type: 'member.joined', data, occurredAt: now() });
      throw new Error('the cause did not happen');
    });
    await expect(failing).rejects.toThrow('the cause did not happen');
    expect(await queue('ada', 'ADMIN', 'cause 1')).toBe(true);
    expect(await queue('ada', 'ADMIN', 'cause 1')).toBe(false);
    // Types it has not subscribed to, and those of others, leave no row.
    const removed = { organizationId, type: 'member.removed' as const, data: { userId: 'ada' }, occurredAt: now() };
    expect(await queueWebhookEvent(operations, removed)).toBe(false);
    const foreign = { ...removed, organizationId: randomUUID(), type: 'member.removed' as const };
    expect(await queueWebhookEvent(operations, foreign)).toBe(false);
    await deliver();
    await deliver();
    expect(server.received).toHaveLength(1);
    const [{ id, headers, body } = {} as never] = server.received;
    expect(id).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': id });
    const verifying = new Webhook(secret);
    // The standard's library compares with the real clock.
    const sign = verifying.sign(id, now(), body);
    expect(headers['webhook-signature']).toBe(sign);
    expect(headers['webhook-timestamp']).toBe(String(now().getTime() / 1000));
    expect(JSON.parse(body)).toEqual({
      type: 'member.joined',
      timestamp: now().toISOString(),
      data: { userId: 'ada', role: 'ADMIN' },
    });
    const [delivery] = await deliveries(endpoint.id);
    expect(delivery).toMatchObject({
      state: 'DELIVERED',
      attempts: 1,
      eventId: id,
      body,
      lastStatus: 204,
      lastError: null,
    });
    expect(await attempts(delivery!.id)).toMatchObject([{ status: 204, error: null, responseExcerpt: null }]);
  });

  it('retry an endpoint that fails for an hour, with the same id and body, in order for each resource', async () => {
    const server = await receiver();
    const { register, queue, deliver, deliveries, attempts, pass, operations, organizationId } = await open();
    const { endpoint } = await register(server.url);
    server.answer = ({ body }, response) => {
      response.writeHead(dataOf(body).userId === 'ada' ? 503 : 204).end('down');
    };
    await queue('ada', 'VIEWER');
    await queue('ada', 'ADMIN');
    await queue('bob');
    await deliver();
    expect(server.received.map(({ body }) => dataOf(body))).toEqual(
      expect.arrayContaining([
        { userId: 'ada', role: 'VIEWER' },
        { userId: 'bob', role: 'VIEWER' },
      ]),
    );
    expect(server.received).toHaveLength(2);
    await pass(HOUR_MS, 5_000);
    const ofAda = () => server.received.filter(({ body }) => dataOf(body).userId === 'ada');
    // After 5 s, 30 s, 2, 10 and 30 minutes; the second event has not been tried.
    expect(ofAda()).toHaveLength(6);
    expect(new Set(ofAda().map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    const [bob, second, first] = await deliveries(endpoint.id);
    expect([bob, second, first]).toMatchObject([
      { state: 'DELIVERED' },
      { state: 'PENDING', attempts: 0 },
      { state: 'PENDING', attempts: 6, lastStatus: 503, lastError: 'answered with status 503' },
    ]);
    expect(await attempts(first!.id)).toHaveLength(6);
    expect((await findWebhookEndpoint(operations, { organizationId, id: endpoint.id }))?.failingSince).not.toBeNull();
    server.answer = (_webhook, response) => response.writeHead(200).end('{"ok":true}');
    await pass(HOUR_MS);
    expect(
      ofAda()
        .slice(6)
        .map(({ body }) => dataOf(body).role),
    ).toEqual(['VIEWER', 'ADMIN']);
    expect(await deliveries(endpoint.id)).toMatchObject([{}, { state: 'DELIVERED' }, { state: 'DELIVERED' }]);
    expect(await findWebhookEndpoint(operations, { organizationId, id: endpoint.id })).toMatchObject({
      failingSince: null,
    });
  });

  it('give up after ten attempts, and go on with the next event of the resource', async () => {
    const server = await receiver();
    const { register, queue, deliver, deliveries, pass, advance, now, operations, organizationId } = await open();
    const { endpoint } = await register(server.url);
    server.answer = (_webhook, response) => response.writeHead(500).end();
    await queue('ada', 'VIEWER');
    // Its log is in the order of time.
    advance(1_000);
    await queue('ada', 'ADMIN');
    await deliver();
    const isGivenUp = async () => (await deliveries(endpoint.id))[1]?.state === 'FAILED';
    for (let hours = 0; hours < 30 && !(await isGivenUp()); hours += 0.5) await pass(HOUR_MS / 2, HOUR_MS / 2);
    // It is backed off after a failure.
    await pass(MINUTE_MS);
    const [second, first] = await deliveries(endpoint.id);
    expect(first).toMatchObject({ state: 'FAILED', attempts: 10, nextAttemptAt: null });
    expect(second).toMatchObject({ state: 'PENDING' });
    expect(second!.attempts).toBeGreaterThan(0);
    // Replayed, it goes first, with the same id.
    server.answer = (_webhook, response) => response.writeHead(200).end();
    const before = server.received.length;
    await expect(
      replayWebhookDelivery(operations, { organizationId, id: second!.id, now: now() }),
    ).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await replayWebhookDelivery(operations, { organizationId, id: first!.id, now: now() });
    await pass(14 * HOUR_MS, HOUR_MS);
    expect(server.received.slice(before).map(({ id }) => id)).toEqual([first!.eventId, second!.eventId]);
  });

  it('send again with the same id what a killed worker had claimed, and deliver once with several workers', async () => {
    const server = await receiver();
    const { register, queue, deliver, deliveries, newWorker, operations, now, advance } = await open();
    const { endpoint } = await register(server.url);
    await queue('ada', 'VIEWER');
    await queue('ada', 'ADMIN');
    const leaseEndsAt = new Date(now().getTime() + MINUTE_MS);
    const claimed = await claimDeliveries(operations, { endpointId: endpoint.id, now: now(), leaseEndsAt, limit: 10 });
    expect(claimed).toMatchObject([{ attempts: 1 }]);
    for (let number = 0; number < 40; number += 1) await queue(`person ${number}`);
    const workers = [newWorker(), newWorker(), newWorker()];
    await Promise.all(workers.map(deliver));
    // Neither the claimed one nor what waits for it.
    expect(server.received).toHaveLength(40);
    advance(2 * MINUTE_MS);
    await Promise.all(workers.map(deliver));
    expect(server.received).toHaveLength(42);
    expect(new Set(server.received.map(({ id }) => id)).size).toBe(42);
    expect(server.received.slice(40)).toMatchObject([{ id: claimed[0]!.eventId, body: claimed[0]!.body }, {}]);
    expect((await deliveries(endpoint.id)).every(({ state }) => state === 'DELIVERED')).toBe(true);
  });

  it('are signed with both secrets while a rotation overlaps', async () => {
    const server = await receiver();
    const { register, queue, deliver, advance, operations, sealer, now } = await open();
    const { endpoint, secret } = await register(server.url);
    const overlapEndsAt = new Date(now().getTime() + HOUR_MS);
    const rotated = await rotateWebhookSecret({ manager: operations, sealer }, endpoint, { overlapEndsAt });
    expect(rotated.endpoint.previousSecretUntil).toEqual(overlapEndsAt);
    const signatureOf = (key: string, { id, body }: { id: string; body: string }) =>
      new Webhook(key).sign(id, now(), body);
    await queue();
    await deliver();
    const [first] = server.received;
    expect(first!.headers['webhook-signature']).toBe(
      `${signatureOf(rotated.secret, first!)} ${signatureOf(secret, first!)}`,
    );
    advance(HOUR_MS);
    await queue();
    await deliver();
    expect(server.received[1]!.headers['webhook-signature']).toBe(signatureOf(rotated.secret, server.received[1]!));
  });

  it('of an endpoint that does not answer delay no other endpoint', async () => {
    const [slow, fast] = [await receiver(), await receiver()];
    const { register, queue, newWorker, deliveries } = await open();
    const unanswered: (() => void)[] = [];
    slow.answer = (_webhook, response) => void unanswered.push(() => response.writeHead(200).end());
    const { endpoint } = await register(slow.url);
    await register(fast.url);
    for (let number = 0; number < 30; number += 1) await queue(`person ${number}`);
    const worker = newWorker();
    await worker.dispatch();
    await fast.waitFor(30);
    await slow.waitFor(20);
    // And what is queued while it hangs is not delayed, either.
    await queue('late');
    await worker.dispatch();
    await fast.waitFor(31);
    expect(slow.received).toHaveLength(20);
    slow.answer = (_webhook, response) => response.writeHead(200).end();
    for (const answer of unanswered) answer();
    await worker.idle();
    expect(slow.received).toHaveLength(31);
    expect((await deliveries(endpoint.id)).every(({ state }) => state === 'DELIVERED')).toBe(true);
  });

  it('of endpoints take turns, whatever was due first', async () => {
    const { operations, register, queue, now, advance } = await open();
    const [{ endpoint: one }, { endpoint: other }] = [
      await register('http://127.0.0.1:1/one'),
      await register('http://127.0.0.1:1/other'),
    ];
    const dueAt = now();
    await queue();
    advance(HOUR_MS);
    await operations.query('UPDATE operations.webhook_delivery SET due_at = $2 WHERE endpoint_id = $1', [
      other.id,
      now(),
    ]);
    const turn = async () => {
      const [due] = await listDueEndpoints(operations, { now: now(), except: [], limit: 1 });
      await recordEndpointAttempt(operations, { id: due!.id, isDelivered: false, now: now() });
      advance(1_000);
      return due;
    };
    expect(await turn()).toMatchObject({ id: one.id, lastAttemptAt: null });
    expect(await turn()).toMatchObject({ id: other.id, lastAttemptAt: null, oldestDueAt: dueAt });
    expect(await turn()).toMatchObject({ id: one.id });
    expect(await turn()).toMatchObject({ id: other.id });
  });

  it('disable an endpoint that answers 410, or takes nothing for 5 days; what it misses can be replayed', async () => {
    const server = await receiver();
    const { register, queue, deliver, deliveries, pass, advance, disabled, operations, now, organizationId } =
      await open();
    const { endpoint } = await register(server.url);
    server.answer = (_webhook, response) => response.writeHead(410).end();
    await queue('ada');
    await deliver();
    expect(disabled).toEqual(['GONE']);
    await queue('bob');
    await deliver();
    expect(server.received).toHaveLength(1);
    expect(await deliveries(endpoint.id)).toMatchObject([{ state: 'SKIPPED', attempts: 0 }, { state: 'SKIPPED' }]);
    const since = new Date(0);
    const replay = () =>
      replayWebhookDeliveries(operations, { organizationId, endpointId: endpoint.id, since, now: now() });
    await expect(replay()).rejects.toMatchObject({ code: 'CONFLICT' });
    await enableWebhookEndpoint(operations, endpoint);
    expect(await replay()).toBe(2);
    // It is backed off after the failure.
    advance(MINUTE_MS);
    server.answer = (_webhook, response) => response.writeHead(500).end();
    await deliver();
    await pass(2 * DAY_MS, 2 * HOUR_MS);
    advance(2 * DAY_MS);
    await queue('carol');
    await deliver();
    expect(disabled).toEqual(['GONE']);
    // One success in between would begin the five days anew.
    advance(DAY_MS);
    await deliver();
    expect(disabled).toEqual(['GONE', 'FAILING']);
    expect(await findWebhookEndpoint(operations, endpoint)).toMatchObject({ disabledReason: 'FAILING' });
    // Queued while it was being disabled.
    await operations.query(
      `UPDATE operations.webhook_delivery SET state = 'PENDING', finished_at = NULL, due_at = $1`,
      [now()],
    );
    advance(MINUTE_MS);
    await deliver();
    expect((await deliveries(endpoint.id)).map(({ state }) => state)).toEqual(['SKIPPED', 'SKIPPED', 'SKIPPED']);
  });

  it('wait as long as the receiver asks for, and follow no redirect', async () => {
    const [server, target] = [await receiver(), await receiver()];
    const { register, queue, deliver, deliveries, pass, now } = await open();
    const { endpoint } = await register(server.url);
    server.answer = (_webhook, response) => response.writeHead(429, { 'retry-after': '3600' }).end();
    await queue();
    await deliver();
    const [delivery] = await deliveries(endpoint.id);
    expect(delivery?.nextAttemptAt).toEqual(new Date(now().getTime() + HOUR_MS));
    server.answer = (_webhook, response) => response.writeHead(307, { location: target.url }).end();
    await pass(HOUR_MS);
    expect((await deliveries(endpoint.id))[0]).toMatchObject({
      attempts: 2,
      lastStatus: 307,
      lastError: 'answered with status 307: redirects are not followed',
    });
    expect(target.received).toEqual([]);
  });

  it('keep of an answer at most 1 KiB, without secrets, and do not wait for the rest', async () => {
    const server = await receiver();
    const { register, queue, deliver, deliveries, attempts } = await open();
    const { endpoint } = await register(server.url);
    const answers: (string | Buffer)[] = [
      '{"access_token":"s3cr3t-value"}\0',
      Buffer.alloc(2_000_000, 'é'),
      Buffer.from([0xff, 0xfe]),
    ];
    server.answer = (_webhook, response) => {
      const answer = answers.shift();
      response.writeHead(200);
      if (answer === undefined) response.write('beginning'.repeat(200));
      else response.end(answer);
    };
    for (let number = 0; number < 4; number += 1) {
      await queue(`person ${number}`);
      await deliver();
    }
    const log = await Promise.all((await deliveries(endpoint.id)).map(({ id }) => attempts(id)));
    const excerpts = log.flat().map(({ responseExcerpt }) => responseExcerpt ?? '');
    expect(excerpts).toHaveLength(4);
    for (const excerpt of excerpts) expect(excerpt.length).toBeLessThanOrEqual(1_024);
    expect(excerpts.join()).not.toContain('s3cr3t');
    expect(excerpts[0]).toMatch(/^beginning/);
  });

  it('name what went wrong when there is no answer', async () => {
    const { register, queue, deliver, deliveries } = await open();
    const { endpoint } = await register(`http://127.0.0.1:${await freePort()}/`);
    const secure = await receiver();
    const { endpoint: overTls } = await register(secure.url.replace('http:', 'https:'));
    await queue();
    await deliver();
    expect(await deliveries(endpoint.id)).toMatchObject([{ lastStatus: null, lastError: 'could not be connected to' }]);
    expect(await deliveries(overTls.id)).toMatchObject([
      { lastStatus: null, lastError: 'could not be reached over TLS' },
    ]);
  });

  it('go to no address that is not allowed, even if the name resolved to another one before', async () => {
    const server = await receiver();
    const { port } = new URL(server.url);
    const addresses = ['93.184.215.14'];
    const lookup: LookupFunction = ((_name, _options, callback) =>
      callback(null, [{ address: addresses[0], family: 4 }] as never)) as LookupFunction;
    const rebound = new AddressGuard([], lookup);
    const { register, queue, deliver, deliveries, advance } = await open({ guard: rebound });
    const named = await register('https://hooks.example.com/');
    addresses[0] = '127.0.0.1';
    // Stored before the rules were as they are.
    const stored = [await register(server.url), await register(`http://localhost:${port}/`)];
    await queue();
    await deliver();
    expect(await deliveries(named.endpoint.id)).toMatchObject([
      { lastStatus: null, lastError: 'resolves to an address that webhooks must not reach' },
    ]);
    for (const { endpoint } of stored) {
      expect(await deliveries(endpoint.id)).toMatchObject([
        { lastStatus: null, lastError: 'has a URL that must be an https URL' },
      ]);
    }
    expect(server.received).toEqual([]);
    advance(MINUTE_MS);
  });

  it('reach a name in a network the operator allows, at the address that was checked', async () => {
    const server = await receiver();
    const { port } = new URL(server.url);
    let lookups = 0;
    const lookup: LookupFunction = ((_name, _options, callback) => {
      lookups += 1;
      callback(null, [{ address: lookups === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }] as never);
    }) as LookupFunction;
    const { register, queue, deliver } = await open({ guard: new AddressGuard(['127.0.0.1'], lookup) });
    await register(`http://hooks.corp.example:${port}/`);
    await queue();
    await deliver();
    expect([lookups, server.received]).toMatchObject([1, [{ headers: { host: `hooks.corp.example:${port}` } }]]);
  });

  it('raise an alert when they are due and no worker sends them', async () => {
    const server = await receiver();
    const { register, queue, deliver, alerts, advance } = await open();
    await register(server.url);
    await queue();
    advance(14 * MINUTE_MS);
    await deliver();
    expect(alerts).toEqual([]);
    await queue();
    advance(16 * MINUTE_MS);
    await deliver();
    expect(alerts).toMatchObject([{ category: 'integration', key: 'webhooks-late' }]);
  });

  it('send a test event to one endpoint, whatever it subscribed to', async () => {
    const [server, other] = [await receiver(), await receiver()];
    const { register, deliver, operations, organizationId, now } = await open();
    const { endpoint } = await register(server.url, ['report.ready']);
    await register(other.url);
    const order = { organizationId, endpointId: endpoint.id, occurredAt: now() };
    const id = await queueTestEvent(operations, order);
    await deliver();
    expect([server.received.map(({ body }) => JSON.parse(body).type), other.received]).toEqual([['webhook.test'], []]);
    expect(await findWebhookDelivery(operations, { organizationId, id })).toMatchObject({ state: 'DELIVERED' });
    for (const organization of [organizationId, randomUUID()]) {
      const foreign = { ...order, organizationId: organization, endpointId: organization };
      await expect(queueTestEvent(operations, foreign)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('are kept for 30 days once they are finished, and erased with their organization', async () => {
    const server = await receiver();
    const { register, queue, deliver, deliveries, operations, organizationId, advance, now } = await open();
    const { endpoint } = await register(server.url);
    await queue('ada');
    await deliver();
    server.answer = (_webhook, response) => response.writeHead(500).end();
    await queue('bob');
    await deliver();
    advance(31 * DAY_MS);
    await queue('carol');
    await trimWebhookEvents(operations, { now: now() });
    expect((await deliveries(endpoint.id)).map(({ body }) => dataOf(body).userId)).toEqual(['carol', 'bob']);
    await eraseRows(operations, { schema: 'operations', organizationId });
    for (const table of ['endpoint', 'event', 'delivery', 'attempt']) {
      expect(await operations.query(`SELECT FROM operations.webhook_${table}`)).toEqual([]);
    }
  });

  it('are all delivered in the end by workers at once, while their endpoint is disabled and enabled', async () => {
    const server = await receiver();
    const { register, queue, newWorker, deliver, deliveries, operations, organizationId, now, advance, errors } =
      await open();
    const { endpoint } = await register(server.url);
    const workers = [newWorker(), newWorker(), newWorker()];
    for (let round = 0; round < 12; round += 1) {
      for (let number = 0; number < 8; number += 1) await queue(`person ${number % 5}`);
      const delivering = Promise.all(workers.map(deliver));
      await disableWebhookEndpoint(operations, endpoint, { reason: 'BY_USER', at: now() });
      await queue('meanwhile');
      await enableWebhookEndpoint(operations, endpoint);
      const again = { organizationId, endpointId: endpoint.id, since: new Date(0), now: now() };
      await replayWebhookDeliveries(operations, again);
      await delivering;
    }
    advance(2 * MINUTE_MS);
    await Promise.all(workers.map(deliver));
    const all = await deliveries(endpoint.id);
    expect(all.map(({ state }) => state)).toEqual(Array(100).fill('DELIVERED'));
    expect(new Set(server.received.map(({ id }) => id)).size).toBe(108);
    expect(errors).toEqual([]);
  });

  it('let go of an endpoint that is deleted while an event is queued and sent', async () => {
    const server = await receiver();
    const { register, queue, newWorker, operations } = await open();
    const { endpoint } = await register(server.url);
    let answer = () => {};
    server.answer = (_webhook, response) => {
      answer = () => response.writeHead(200).end();
    };
    await queue();
    const worker = newWorker();
    await worker.dispatch();
    await server.waitFor(1);
    let queued: Promise<boolean> | undefined;
    await operations.transaction(async (manager) => {
      await manager.query('DELETE FROM operations.webhook_endpoint WHERE id = $1', [endpoint.id]);
      queued = queue('bob');
      queued.catch(() => {});
    });
    expect(await queued).toBe(false);
    answer();
    await worker.idle();
    expect(await operations.query('SELECT FROM operations.webhook_attempt')).toEqual([]);
  });
});
