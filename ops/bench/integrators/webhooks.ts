import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { withTimeout } from 'es-toolkit/promise';
import { Agent, request } from 'undici';
import { round, type Waiting, waitingOf } from '#ops/bench/statistics.js';
import { makeDataFolder, startPostgres } from '#ops/bench/temporary-database.js';
import { runTimes } from '#ops/bench/workload.js';
import { parseConfig } from '#runtime/config/config.js';
import { openOperationsDatabase } from '#runtime/database/operations-database.js';
import type { Logger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { Sealer } from '#runtime/sealing/crypto.js';
import { AddressGuard } from '#runtime/webhooks/address-guard.js';
import { createWebhookEndpoint } from '#runtime/webhooks/endpoint.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';
import { WebhookDispatcher } from '#runtime/webhooks/webhook-dispatcher.js';
import { WebhookSender } from '#runtime/webhooks/webhook-sender.js';

const ENDPOINTS = 20;
const EVENTS = 10_000;
const SLOW_EVENTS = 100;
const SLOW_MS = 2_000;
const CONCURRENCY = 64;
const TIMEOUT_MS = 120_000;
const BODY = JSON.stringify({
  type: 'member.joined',
  timestamp: new Date(0),
  data: { userId: randomUUID(), role: 'VIEWER' },
});

/** Deliveries to endpoints that answer at once. */
interface DispatchFigures {
  deliveriesPerSecond: number;
  /** From the beginning of the dispatch to the arrival. */
  waiting: Waiting;
}

/** Dispatch of queued webhooks, beside bare requests to the same server. */
export interface WebhookFigures {
  events: number;
  endpoints: number;
  alone: DispatchFigures;
  /** While one more endpoint takes two seconds for each answer. */
  besideSlowEndpoint: DispatchFigures;
  bareRequestsPerSecond: number;
}

async function openReceiver(lifecycle: Lifecycle) {
  const arrivals: number[] = [];
  let wanted = Number.POSITIVE_INFINITY;
  let isDone = () => {};
  const server = createServer((incoming, response) => {
    incoming.resume();
    if (incoming.url === '/slow') return void setTimeout(() => response.writeHead(204).end(), SLOW_MS);
    arrivals.push(performance.now());
    response.writeHead(204).end();
    if (arrivals.length === wanted) isDone();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  lifecycle.onClose('Receiver', () => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Returns the arrivals of the next so many requests. */
    expect: async (count: number): Promise<number[]> => {
      arrivals.length = 0;
      wanted = count;
      await withTimeout(() => new Promise<void>((resolve) => (isDone = resolve)), TIMEOUT_MS);
      return [...arrivals];
    },
  };
}

function figuresOf(arrivals: number[], startedAt: number): DispatchFigures {
  const seconds = ((arrivals.at(-1) ?? startedAt) - startedAt) / 1_000;
  return {
    deliveriesPerSecond: round(arrivals.length / seconds, 0),
    waiting: waitingOf(arrivals.map((at) => at - startedAt)),
  };
}

async function measure(lifecycle: Lifecycle, logger: Logger, scale: number): Promise<WebhookFigures> {
  const folder = makeDataFolder(lifecycle);
  const config = parseConfig({ NODE_ENV: 'test', DATA_DIR: folder });
  const alerts = { raise: () => {}, close: async () => {} };
  const databaseUrl = await startPostgres(lifecycle, folder);
  const operations = await openOperationsDatabase({ databaseUrl, config, logger, lifecycle, alerts });
  const receiver = await openReceiver(lifecycle);
  const sealer = new Sealer(randomBytes(32));
  const sender = new WebhookSender(new AddressGuard(['127.0.0.1']));
  lifecycle.onClose('Sender', () => sender.close());
  const now = () => new Date();
  const disableEndpoint = async () => {};
  const dispatcher = new WebhookDispatcher({ operations, sealer, alerts, logger, now, sender, disableEndpoint });
  lifecycle.onClose('Dispatcher', () => dispatcher.close(0));
  const register = async (path: string) => {
    const url = `${receiver.url}${path}`;
    const organizationId = randomUUID();
    const about = { organizationId, url, description: '', eventTypes: null, createdBy: null, createdAt: now() };
    await createWebhookEndpoint({ manager: operations, sealer }, about);
    return organizationId;
  };
  const organizations = await Promise.all(Array.from({ length: ENDPOINTS }, (_, index) => register(`/${index}`)));
  const slow = await register('/slow');
  const queue = (organizationId: string) => {
    const data = { userId: randomUUID(), role: 'VIEWER' as const };
    return queueWebhookEvent(operations, { organizationId, type: 'member.joined', data, occurredAt: now() });
  };
  const events = Math.round(EVENTS * scale);
  const dispatch = async () => {
    await runTimes((index) => queue(organizations[index % ENDPOINTS] as string), events, 4);
    const arriving = receiver.expect(events);
    const startedAt = performance.now();
    await dispatcher.dispatch();
    return figuresOf(await arriving, startedAt);
  };
  await dispatch();
  const alone = await dispatch();
  for (let index = 0; index < SLOW_EVENTS; index += 1) await queue(slow);
  const besideSlowEndpoint = await dispatch();

  const agent = new Agent({ connections: CONCURRENCY });
  lifecycle.onClose('Bare client', () => agent.destroy());
  const send = async () => {
    const { body } = await request(receiver.url, { dispatcher: agent, method: 'POST', body: BODY });
    await body.dump();
  };
  const arriving = receiver.expect(events);
  const startedAt = performance.now();
  await runTimes(send, events, CONCURRENCY);
  const { deliveriesPerSecond: bareRequestsPerSecond } = figuresOf(await arriving, startedAt);
  return { events, endpoints: ENDPOINTS, alone, besideSlowEndpoint, bareRequestsPerSecond };
}

/** Measures the dispatch of queued webhooks to a receiver in this process, alone and beside a slow endpoint. */
export async function measureWebhooks(logger: Logger, scale = 1): Promise<WebhookFigures> {
  const lifecycle = new Lifecycle(logger);
  try {
    return await measure(lifecycle, logger, scale);
  } finally {
    await lifecycle.close();
  }
}

/** Formats the figures of webhooks for people. */
export function describeWebhooks({ events, endpoints, alone, besideSlowEndpoint, ...bare }: WebhookFigures): string {
  const lineOf = (name: string, { deliveriesPerSecond, waiting }: DispatchFigures) =>
    `  ${name}: ${deliveriesPerSecond} a second, p50 ${waiting.p50Ms} ms, p99 ${waiting.p99Ms} ms`;
  return [
    `Webhooks: ${events} queued events for ${endpoints} endpoints`,
    lineOf('alone', alone),
    lineOf('beside an endpoint that takes two seconds', besideSlowEndpoint),
    `  bare requests, without queue, order and log: ${bare.bareRequestsPerSecond} a second\n`,
  ].join('\n');
}
