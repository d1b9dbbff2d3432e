import { Counter, Gauge } from 'prom-client';
import { registry } from './registry.js';

const reads = new Counter({
  name: 'webmetrics_cache_requests_total',
  help: 'Reads from the cache, by what is kept there and whether it was there (hit) or not (miss).',
  labelNames: ['cache', 'outcome'],
  registers: [registry],
});

const away = new Gauge({
  name: 'webmetrics_redis_away',
  help: '1 while Redis does not answer and memory stands in for it, else 0.',
  aggregator: 'max',
  registers: [registry],
});

/** Counts a read from a namespace of the cache. */
export function observeCacheRead(cache: string, isHit: boolean): void {
  reads.inc({ cache, outcome: isHit ? 'hit' : 'miss' });
}

/** Records whether Redis is away. */
export function observeRedis(isAway: boolean): void {
  away.set(isAway ? 1 : 0);
}
