import { WAITING_BUCKETS } from './registry.js';
import { WaitingTimes } from './waiting-times.js';

const requests = new WaitingTimes({
  name: 'webmetrics_http_request_duration_seconds',
  help: 'HTTP requests answered, by the pattern of their route.',
  labelNames: ['server', 'method', 'route', 'status_class'],
  buckets: WAITING_BUCKETS,
});

/** One HTTP request that was answered. */
export interface AnsweredRequest {
  /** The gateway, or the name of a subgraph. */
  server: string;
  method: string;
  /** Its pattern and not its path, of which there is no end; undefined = there is nothing at this address. */
  route: string | undefined;
  status: number;
}

/** Counts a request and how long it took. */
export function observeHttpRequest({ server, method, route, status }: AnsweredRequest, seconds: number): void {
  requests.observe({ server, method, route: route ?? 'none', status_class: statusClass(status) }, seconds);
}

/** `2xx` for 204. */
export function statusClass(status: number): string {
  return `${Math.floor(status / 100)}xx`;
}
