import { BufferedHistogram } from './buffered-histogram.js';
import { WAITING_BUCKETS } from './registry.js';

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

/** Counts an HTTP request and its duration. */
export function observeHttpRequest({ server, method, route, status }: AnsweredRequest, seconds: number): void {
  requests.observe({ server, method, route: route ?? 'none', status_class: statusClass(status) }, seconds);
}

/** Returns the class of a status: `2xx` for 204. */
export function statusClass(status: number): string {
  return `${Math.floor(status / 100)}xx`;
}
