/** A request as a provider sees it. */
export interface WireRequest {
  method: string;
  /** The imitated host, such as graph.facebook.com. */
  host: string;
  /** Makes a path an absolute URL the caller can follow. */
  base: string;
  /** Percent-encoded. */
  path: string;
  query: URLSearchParams;
  /** Without the question mark, for providers that parse its encoding. */
  rawQuery: string;
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
  /** Ids of the accounts the answer reads, for the call log. */
  accounts: Set<string>;
}

export interface WireAnswer {
  status: number;
  headers?: Record<string, string>;
  /** Objects are sent as JSON, strings as they are. */
  body: unknown;
}

/** Returns a form-encoded body's fields; empty for other types. */
export function formOf(request: WireRequest): URLSearchParams {
  const type = request.headers['content-type'] ?? '';
  return new URLSearchParams(/^application\/x-www-form-urlencoded\b/i.test(type) ? request.body : '');
}

/** Returns the token of `Authorization: Bearer`, if any. */
export function findBearer(request: WireRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
}
