import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent } from 'undici';
import { type Waiting, waitingOf } from '#ops/bench/statistics.js';

export interface Flood {
  url: string;
  secret: string;
  /** An event as Stripe sends it; each one that is sent has an id of its own. */
  events: Record<string, unknown>[];
  perSecond: number;
  seconds: number;
}

export interface FloodFigures extends Waiting {
  sent: number;
  /** Answers other than 200. */
  refused: number;
}

/** Returns the headers and the body of a signed event. */
export function signEvent(event: Record<string, unknown>, secret: string) {
  const body = JSON.stringify({ ...event, id: `evt_bench_${randomUUID().replaceAll('-', '')}` }, null, 2);
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': `t=${timestamp},v1=${signature}`,
    },
  };
}

/** Sends events at a steady rate, however slowly they are answered, and measures each from the moment it was due. */
export async function floodWithEvents({ url, secret, events, perSecond, seconds }: Flood): Promise<FloodFigures> {
  const agent = new Agent({ connections: 64 });
  const times: number[] = [];
  let refused = 0;
  const running: Promise<void>[] = [];
  const startedAt = performance.now();
  const count = perSecond * seconds;
  for (let at = 0; at < count; at += 1) {
    const dueAt = startedAt + (at * 1_000) / perSecond;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await wait(waitMs);
    const { body, headers } = signEvent(events[at % events.length] ?? {}, secret);
    const sending = agent
      .request({ origin: url, path: '/webhooks/stripe', method: 'POST', headers, body })
      .then(async (response) => {
        await response.body.dump();
        if (response.statusCode !== 200) refused += 1;
        times.push(performance.now() - dueAt);
      });
    running.push(sending);
  }
  await Promise.all(running);
  await agent.close();
  return { ...waitingOf(times), sent: count, refused };
}
