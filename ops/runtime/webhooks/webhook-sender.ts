import { Agent, type Dispatcher, request } from 'undici';
import { failureReasonOf } from '#runtime/http/failure-reason.js';
import { redactText } from '#runtime/log/redact-text.js';
import { type AddressGuard, ForbiddenAddress } from './address-guard.js';
import { checkWebhookUrl, isInsideOnly } from './check-url.js';

/** How long a receiver may take for its answer. */
export const ANSWER_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_MS = 10_000;
const MAX_EXCERPT_BYTES = 1_024;
/** Per host: several endpoints may share one, and wait for none of them. */
const CONNECTIONS = 256;

/** What became of a request. */
export interface WebhookAnswer {
  /** null = there was no answer. */
  status: number | null;
  /** null = it counts as delivered. */
  error: string | null;
  /** The beginning of the answer. */
  excerpt: string | null;
  /** Seconds, as the receiver asks for. */
  retryAfter?: number;
}

const REASONS = {
  timeout: `did not answer within ${ANSWER_TIMEOUT_MS / 1000} seconds`,
  dns: 'has a host name that does not resolve',
  tls: 'could not be reached over TLS',
  connection: 'could not be connected to',
} as const;

function describeFailure(error: unknown, isTimeout: boolean): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof ForbiddenAddress) return 'resolves to an address that webhooks must not reach';
  }
  return REASONS[isTimeout ? 'timeout' : failureReasonOf(error)];
}

/** Reads the beginning of an answer; what comes late, or is broken, is left out. */
async function readExcerpt(body: Dispatcher.ResponseData['body']): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MAX_EXCERPT_BYTES) break;
    }
  } catch {
    // The status counts, not the body.
  }
  if (size === 0) return null;
  const text = Buffer.concat(chunks).subarray(0, MAX_EXCERPT_BYTES).toString('utf8');
  return redactText(text).replaceAll('\0', '\ufffd');
}

function readRetryAfter(value: string | string[] | undefined, now: Date): number | undefined {
  const text = String(value ?? '');
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}

function problemOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  const hint = status >= 300 && status < 400 ? ': redirects are not followed' : '';
  return `answered with status ${status}${hint}`;
}

/** Sends webhooks: a request each, to public addresses only, without redirects. */
export class WebhookSender {
  readonly #guard: AddressGuard;
  /** undici passes a lookup the name only, not the URL it is for: an agent for each rule. */
  readonly #public: Agent;
  readonly #inside: Agent;

  constructor(guard: AddressGuard) {
    this.#guard = guard;
    const agent = (isInside: boolean) =>
      new Agent({
        connections: CONNECTIONS,
        keepAliveTimeout: IDLE_MS,
        connect: { lookup: guard.lookupFor({ isInside }), timeout: CONNECT_TIMEOUT_MS },
      });
    this.#public = agent(false);
    this.#inside = agent(true);
  }

  /** Sends a request and returns what became of it. Never throws. */
  async send(
    url: string,
    { headers, body, now }: { headers: Record<string, string>; body: string; now: Date },
  ): Promise<WebhookAnswer> {
    const none = { status: null, excerpt: null };
    const problem = checkWebhookUrl(url, this.#guard);
    if (problem) return { ...none, error: `has a URL that ${problem}` };
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    try {
      const dispatcher = isInsideOnly(new URL(url)) ? this.#inside : this.#public;
      const response = await request(url, { dispatcher, method: 'POST', headers, body, signal });
      const { statusCode: status } = response;
      const retryAfter = readRetryAfter(response.headers['retry-after'], now);
      return { status, error: problemOf(status), excerpt: await readExcerpt(response.body), retryAfter };
    } catch (error) {
      return { ...none, error: describeFailure(error, signal.aborted) };
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#public.destroy(), this.#inside.destroy()]);
  }
}
