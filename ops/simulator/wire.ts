/** One request as a provider sees it, whichever way it reached the simulator. */
export interface WireRequest {
  method: string;
  /** The real host being imitated, such as graph.facebook.com. */
  host: string;
  /** What to put before a path to make an absolute URL the caller can follow. */
  base: string;
  /** Path on that host, still percent-encoded. */
  path: string;
  query: URLSearchParams;
  /** The query as it came, for providers whose own syntax stands in its encoding; without the question mark. */
  rawQuery: string;
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
  /** Ids of the accounts the answer draws on; the handler adds, the call log shows. */
  accounts: Set<string>;
}

export interface WireAnswer {
  status: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON, a string as it is. */
  body: unknown;
}

/** Returns the fields of a form-encoded body; empty when the body is of another type. */
export function formOf(request: WireRequest): URLSearchParams {
  const type = request.headers['content-type'] ?? '';
  return new URLSearchParams(/^application\/x-www-form-urlencoded\b/i.test(type) ? request.body : '');
}

/** Returns the token of an `Authorization: Bearer` header, if there is one. */
export function findBearer(request: WireRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
}
