import { setTimeout as wait } from 'node:timers/promises';
import { quantile } from '#ops/bench/statistics.js';
import { runFor } from '#ops/bench/workload.js';
import { openClient, visitorOf } from './ask-catalogue.js';
import { residentBytesOf } from './process-cost.js';
import type { Subject } from './subjects.js';

/** What became of the requests of many connections at once. */
export interface Crowd {
  connections: number;
  answered: number;
  /** 503 with `Retry-After`, as the gateway had more to do than it can. */
  shed: number;
  /** Requests without an answer, or with another one. */
  errors: number;
  p50Ms: number;
  slowestMs: number;
}

/** A gateway takes 256 connections of one address. */
const ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];

/** Has many connections ask, half of them the same and half of them each something else, and waits for every answer. */
export async function measureCrowd(subject: Subject, connections: number, durationMs: number): Promise<Crowd> {
  const clients = ADDRESSES.map((localAddress) =>
    openClient(subject, { connections: Math.ceil(connections / ADDRESSES.length), localAddress }),
  );
  const crowd = { answered: 0, shed: 0, errors: 0 };
  const timesMs: number[] = [];
  const ask = async (iteration: number) => {
    const client = clients[iteration % clients.length] as (typeof clients)[number];
    const startedAt = performance.now();
    const answer = await client.ask(visitorOf(iteration % 2 === 0 ? 0 : iteration)).catch(() => undefined);
    timesMs.push(performance.now() - startedAt);
    if (answer?.status === 200) crowd.answered += 1;
    else if (answer?.status === 503) crowd.shed += 1;
    else crowd.errors += 1;
  };
  await runFor(ask, durationMs, connections);
  await Promise.all(clients.map((client) => client.close()));
  return { connections, ...crowd, p50Ms: quantile(timesMs, 0.5), slowestMs: Math.max(...timesMs) };
}

/** Resident memory of a gateway while it answers. */
export interface MemoryRun {
  seconds: number;
  requests: number;
  /** Medians of the second and of the last quarter; what is remembered is filled in the first. */
  earlyBytes: number;
  lateBytes: number;
}

const SAMPLED_EVERY_MS = 250;

/** Watches the memory of a gateway while unique requests arrive. */
export async function measureMemory(subject: Subject, connections: number, durationMs: number): Promise<MemoryRun> {
  const client = openClient(subject, { connections });
  const samples: number[] = [];
  const isOver = new AbortController();
  const sampling = (async () => {
    while (!isOver.signal.aborted) {
      samples.push(residentBytesOf(subject.pid));
      await wait(SAMPLED_EVERY_MS);
    }
  })();
  const requests = await runFor((iteration) => client.ask(visitorOf(iteration)), durationMs, connections);
  isOver.abort();
  await sampling;
  await client.close();
  const quarter = Math.floor(samples.length / 4);
  return {
    seconds: durationMs / 1_000,
    requests,
    earlyBytes: quantile(samples.slice(quarter, 2 * quarter), 0.5),
    lateBytes: quantile(samples.slice(3 * quarter), 0.5),
  };
}
