import { Counter, Gauge } from 'prom-client';
import { BufferedHistogram } from './buffered-histogram.js';
import { ErrorShare } from './error-share.js';
import { registry, WAITING_BUCKETS } from './registry.js';

const requests = new BufferedHistogram({
  name: 'webmetrics_http_request_duration_seconds',
  help: 'HTTP requests answered, by the pattern of their route.',
  labelNames: ['server', 'method', 'route', 'status_class'],
  buckets: WAITING_BUCKETS,
});

export interface AnsweredRequest {
  server: string;
  method: string;
  /** The pattern, as paths are unbounded; undefined = no route. */
  route: string | undefined;
  status: number;
}

const PROBES = new Set(['/health', '/ready', '/metrics']);
const recent = new ErrorShare();

/** Returns how many requests of the last five minutes this process answered, without probes, and how many of them with 5xx. */
export const recentRequests = (): { requests: number; errors: number } => recent.read(Date.now());

/** Counts an HTTP request and its duration. */
export function observeHttpRequest({ server, method, route, status }: AnsweredRequest, seconds: number): void {
  if (!PROBES.has(route ?? '')) recent.count(status >= 500, Date.now());
  requests.observe({ server, method, route: route ?? 'none', status_class: statusClass(status) }, seconds);
}

/** Returns the class of a status: `2xx` for 204. */
export function statusClass(status: number): string {
  return `${Math.floor(status / 100)}xx`;
}

const waiting = new Gauge({
  name: 'webmetrics_requests_waiting',
  help: 'Requests with operations that wait for their turn in the gateway.',
  registers: [registry],
});

const concurrency = new Gauge({
  name: 'webmetrics_request_concurrency_limit',
  help: 'Requests with operations that the gateway runs at a time, as its event loop bears.',
  registers: [registry],
});

const shed = new Counter({
  name: 'webmetrics_requests_shed_total',
  help: 'Requests refused with 503 because too many waited (full), or they had waited too long (late).',
  labelNames: ['reason'],
  registers: [registry],
});

/** Shows how many requests wait, and how many run at a time at most. */
export function observeLoad(load: { waiting: number; concurrency: number }): void {
  waiting.set(load.waiting);
  concurrency.set(load.concurrency);
}

/** Counts a request that is refused because of the load. */
export function observeShedRequest(reason: 'full' | 'late'): void {
  shed.inc({ reason });
}
