import type { WireRequest } from './wire.js';

export interface Call {
  at: string;
  provider: string;
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
  /** 0 = the connection was cut or left hanging. */
  status: number;
  accounts: string[];
  /** Part of a batch call, which has its own entry. */
  inner: boolean;
}

const MAX_CALLS = 5_000;
const MAX_BODY = 2_000;
/** Of a prompt, which is read whole: what was sent, and what was not. */
const MAX_PROMPT = 20_000;
const PROMPTED = 'gemini';
const SECRET =
  /^(access_token|oauth_token|refresh_token|id_token|client_secret|code|code_verifier|fb_exchange_token|input_token|appsecret_proof|token|assertion|key|card_number|cvc|card\[number\]|card\[cvc\])$/;
const SECRET_IN_TEXT = /((?:access_token|oauth_token|appsecret_proof|input_token|client_secret)(?:=|%3D))[^&"'\s%]+/gi;

/** The latest calls, oldest first, with credentials redacted. */
export class CallLog {
  #calls: Call[] = [];

  add(provider: string, request: WireRequest, status: number, at: Date, inner: boolean): void {
    this.#calls.push({
      at: at.toISOString(),
      provider,
      method: request.method,
      path: request.path,
      query: withoutSecrets(request.query),
      body: summaryOf(request, provider === PROMPTED ? MAX_PROMPT : MAX_BODY),
      status,
      accounts: [...request.accounts],
      inner,
    });
    if (this.#calls.length > MAX_CALLS) this.#calls = this.#calls.slice(-MAX_CALLS / 2);
  }

  list(provider?: string): Call[] {
    return provider === undefined ? this.#calls : this.#calls.filter((call) => call.provider === provider);
  }

  clear(): void {
    this.#calls = [];
  }
}

function withoutSecrets(fields: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...fields].map(([name, value]) => [name, SECRET.test(name) ? '[hidden]' : hideInText(value)]),
  );
}

function hideInText(text: string, max = MAX_BODY): string {
  return text.replace(SECRET_IN_TEXT, '$1[hidden]').slice(0, max);
}

function summaryOf(request: WireRequest, max: number): unknown {
  if (request.body === '') return null;
  const type = request.headers['content-type'] ?? '';
  if (type.includes('x-www-form-urlencoded')) return withoutSecrets(new URLSearchParams(request.body));
  if (!type.includes('json')) return `[${request.body.length} characters of ${type || 'no type'}]`;
  try {
    const hidden = JSON.stringify(JSON.parse(request.body), (name, value) => (SECRET.test(name) ? '[hidden]' : value));
    const text = hideInText(hidden, max);
    return text.length < max ? JSON.parse(text) : text;
  } catch {
    return hideInText(request.body, max);
  }
}
