import { type DocumentTypes, isQuery, type Print, textOf } from './document.js';
import { type ErrorEntry, errorOf, errorOfRefusal, WebMetricsError } from './errors.js';
import { type EventOptions, followStates } from './events.js';
import { LogOut, RefreshSession } from './generated/authentication.js';
import type { WatchConnectionHealthQuery, WatchReportQuery } from './generated/types.js';
import { memoryStore, Session, type TokenStore, type Tokens } from './session.js';
import { type CallOptions, Transport } from './transport.js';

/** Returns the name in a `Content-Disposition`, in its own script where it says that (RFC 8187). */
function fileNameIn(disposition: string): string | undefined {
  const encoded = /filename\*=UTF-8''([^;\s]+)/i.exec(disposition)?.[1];
  return encoded ? decodeURIComponent(encoded) : /filename="([^"]+)"/.exec(disposition)?.[1];
}

/** Options of a client. */
export interface ClientOptions {
  /** The address of WebMetrics: `https://metrics.example.com`. */
  url: string;
  /** An API key; for servers only: anyone who has it acts for the organization. */
  apiKey?: string;
  /** Where the tokens of a user's session are kept. Default: in memory. */
  store?: TokenStore;
  /** Called when the session has ended and the user must sign in again. */
  onSignedOut?: () => void;
  /** The name of your program, and its version: deprecations are counted by it. */
  name?: string;
  version?: string;
  /** Default: 60 seconds for each call with its retries. */
  timeoutMs?: number;
  /** Default: 3 for each call. */
  retries?: number;
  /** Default: the global one. */
  fetch?: typeof fetch;
  /** For parsed documents: `print` of graphql. */
  print?: Print;
}

/** Options of an operation. */
export interface OperationOptions extends CallOptions {
  /** Makes a mutation repeatable: sent again with the same key, it has its effect once. Without one it is never retried. */
  idempotencyKey?: string;
}

/** The answer to an operation. */
export interface Answer<Data> {
  /** Complete, unless there are errors: then what failed is null. */
  data: Data;
  errors: readonly ErrorEntry[];
  /** The cost, for example. */
  extensions: Readonly<Record<string, unknown>>;
}

/** A page of a list (Relay cursor connections). */
export interface Connection<Item> {
  edges: readonly { node: Item }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/** A document whose types nothing says. */
type UntypedText = string & { __apiType?: never };

/** Variables, which may be left out where none is required. */
type VariablesAndOptions<Variables, Options> =
  Record<never, never> extends Variables
    ? [variables?: Variables, options?: Options]
    : [variables: Variables, options?: Options];

/** The state of a report. */
export type ReportState = NonNullable<WatchReportQuery['report']>;
/** The condition of the connections. */
export type ConnectionHealthState = NonNullable<
  NonNullable<WatchConnectionHealthQuery['organization']>['connectionHealth']
>;

/** Options of paging. */
export interface PagingOptions extends CallOptions {
  /** The variable that takes the cursor. Default: `after`. */
  cursor?: string;
}

/** A downloaded file. */
export interface Download {
  fileName: string;
  contentType: string;
  /** To be read as a stream, a text or a blob. */
  response: Response;
}

/** The exchange of tokens must be over before the server takes a repetition for a theft, after 10 seconds. */
const REFRESH_TIMEOUT_MS = 8_000;

const JSON_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json',
};

function tokensIn(data: unknown): Tokens | undefined {
  for (const value of Object.values(data ?? {}) as Partial<Tokens>[]) {
    const { accessToken, refreshToken } = value ?? {};
    if (accessToken && refreshToken) return { accessToken, refreshToken };
  }
  return undefined;
}

interface Payload<Data> {
  data?: Data | null;
  errors?: ErrorEntry[];
  extensions?: Record<string, unknown>;
}

function parsePayload<Data>(text: string): Payload<Data> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

async function readAnswer<Data>(response: Response): Promise<Answer<Data>> {
  const text = await response.text();
  const { data, errors = [], extensions = {} } = parsePayload<Data>(text);
  const isEmpty = data === null || data === undefined || Object.values(data).every((value) => value === null);
  if (errors.length > 0 && isEmpty) throw errorOf(errors, response.status, data);
  if (data === null || data === undefined) throw errorOfRefusal(response, text);
  return { data, errors, extensions };
}

/** A client of the API. */
export class WebMetricsClient {
  readonly #transport: Transport;
  readonly #anonymous: Transport;
  readonly #session: Session | undefined;
  readonly #print: Print | undefined;

  constructor(options: ClientOptions) {
    const { apiKey, store = memoryStore(), onSignedOut, name, version, timeoutMs = 60_000, retries = 3 } = options;
    const url = options.url.replace(/\/+$/, '');
    this.#print = options.print;
    if (apiKey === undefined) {
      this.#session = new Session({ store, url, onSignedOut, refresh: (token) => this.#refresh(token) });
    }
    const session = this.#session;
    const common = {
      url,
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      headers: { ...(name && { 'client-name': name }), ...(version && { 'client-version': version }) },
      timeoutMs,
      retries,
    };
    this.#transport = new Transport({
      ...common,
      session,
      authorization: session ? () => session.accessToken() : async () => apiKey,
    });
    this.#anonymous = new Transport({ ...common, session: undefined, authorization: async () => undefined });
  }

  /**
   * Runs an operation and returns its data. Rejects with a WebMetricsError when any part of it failed; `data` of the error has
   * the rest.
   */
  async request<Data, Variables>(
    document: DocumentTypes<Data, Variables>,
    ...[variables, options]: VariablesAndOptions<Variables, OperationOptions>
  ): Promise<Data>;
  async request<Data = unknown>(
    document: UntypedText,
    variables?: Record<string, unknown>,
    options?: OperationOptions,
  ): Promise<Data>;
  async request(document: unknown, variables?: unknown, options?: OperationOptions): Promise<unknown> {
    const { data, errors } = await this.#run(this.#transport, document, variables, options);
    if (errors.length > 0) throw errorOf(errors, 200, data);
    return data;
  }

  /** Runs an operation and returns what did not fail, and the errors. Rejects when everything failed. */
  async execute<Data, Variables>(
    document: DocumentTypes<Data, Variables>,
    ...[variables, options]: VariablesAndOptions<Variables, OperationOptions>
  ): Promise<Answer<Data>>;
  async execute<Data = unknown>(
    document: UntypedText,
    variables?: Record<string, unknown>,
    options?: OperationOptions,
  ): Promise<Answer<Data>>;
  async execute(document: unknown, variables?: unknown, options?: OperationOptions): Promise<Answer<unknown>> {
    return this.#run(this.#transport, document, variables, options);
  }

  /**
   * Runs an operation that returns tokens (`LogIn`, `CompleteLogIn`, `SignUp`, `SwitchOrganization`); further calls use these.
   */
  async signIn<Data, Variables>(
    document: DocumentTypes<Data, Variables>,
    ...[variables, options]: VariablesAndOptions<Variables, OperationOptions>
  ): Promise<Data> {
    const { data, errors } = await this.#run<Data>(this.#transport, document, variables, options, true);
    const tokens = tokensIn(data);
    if (!tokens)
      throw errors.length > 0 ? errorOf(errors, 200, data) : new TypeError('The operation returns no tokens.');
    await this.#session?.replace(tokens);
    return data;
  }

  /** Ends the session, here and in other tabs, also when the server cannot be reached. */
  async signOut(options?: CallOptions): Promise<void> {
    try {
      if (await this.#session?.accessToken()) await this.request(LogOut, {}, options);
    } finally {
      await this.#session?.replace(undefined);
    }
  }

  /**
   * Yields the items of a list, page by page: `select` returns the list in an answer. Rejects with a WebMetricsError as
   * `request` does.
   */
  async *paginate<Data, Variables, Item>(
    document: DocumentTypes<Data, Variables>,
    variables: Variables,
    select: (data: Data) => Connection<Item> | null | undefined,
    { cursor = 'after', ...options }: PagingOptions = {},
  ): AsyncGenerator<Item, void, undefined> {
    let after: string | null | undefined;
    for (;;) {
      const given = after === undefined ? variables : { ...variables, [cursor]: after };
      const { data, errors } = await this.#run<Data>(this.#transport, document, given, options);
      if (errors.length > 0) throw errorOf(errors, 200, data);
      const { edges, pageInfo } = select(data) ?? { edges: [], pageInfo: { hasNextPage: false } };
      for (const { node } of edges) yield node;
      if (!pageInfo.hasNextPage) return;
      if (!pageInfo.endCursor || pageInfo.endCursor === after) {
        const message = `The list does not go on: select its endCursor and use the variable "${cursor}".`;
        throw new WebMetricsError(message, 'INVALID_RESPONSE', { data });
      }
      after = pageInfo.endCursor;
    }
  }

  /** Yields the states of a report until it is READY, FAILED, CANCELLED or EXPIRED, connecting again when the connection is lost. */
  reportEvents(id: string, options: EventOptions = {}): AsyncGenerator<ReportState, void, undefined> {
    const path = `/api/reports/${encodeURIComponent(id)}/events`;
    const isLast = ({ status }: ReportState) => ['READY', 'FAILED', 'CANCELLED', 'EXPIRED'].includes(status);
    return followStates(this.#transport, path, isLast, options);
  }

  /** Yields the condition of the connections now and whenever it changes, until `signal`. */
  connectionEvents(options: EventOptions = {}): AsyncGenerator<ConnectionHealthState, void, undefined> {
    return followStates<ConnectionHealthState>(this.#transport, '/api/connections/events', () => false, options);
  }

  /** Downloads a report once it is READY; before, it is asked for again within the time limit. */
  downloadReport(
    id: string,
    { format = 'csv', ...options }: CallOptions & { format?: string } = {},
  ): Promise<Download> {
    return this.#transport.send(
      {
        path: `/reports/${encodeURIComponent(id)}/download.${encodeURIComponent(format)}`,
        headers: { accept: '*/*' },
        isRepeatable: true,
        isStream: true,
        read: async (response) => {
          if (!response.ok) throw errorOfRefusal(response, await response.text());
          const disposition = response.headers.get('content-disposition') ?? '';
          return {
            fileName: fileNameIn(disposition) ?? `${id}.${format}`,
            contentType: response.headers.get('content-type') ?? '',
            response,
          };
        },
      },
      options,
    );
  }

  /** Reads a resource of the REST API as JSON: `/api/status`. Rejects with a WebMetricsError. */
  readResource<Data>(path: string, options?: CallOptions): Promise<Data> {
    return this.#transport.send(
      {
        path,
        headers: { accept: 'application/json' },
        isRepeatable: true,
        read: async (response) => {
          const text = await response.text();
          if (!response.ok) throw errorOfRefusal(response, text);
          return JSON.parse(text) as Data;
        },
      },
      options,
    );
  }

  /** Reads a file of the REST API: `/api/branding/logo`. Rejects with a WebMetricsError. */
  readFile(path: string, options?: CallOptions): Promise<Blob> {
    return this.#transport.send(
      {
        path,
        headers: { accept: '*/*' },
        isRepeatable: true,
        read: async (response) => {
          if (!response.ok) throw errorOfRefusal(response, await response.text());
          return response.blob();
        },
      },
      options,
    );
  }

  /** Replaces a file of the REST API, and returns the `data` of the answer: `/api/branding/logo`. Rejects with a WebMetricsError. */
  replaceFile<Data>(path: string, file: Blob, options?: CallOptions): Promise<Data> {
    return this.#transport.send(
      {
        path,
        method: 'PUT',
        body: file,
        headers: { accept: 'application/json', 'content-type': file.type || 'application/octet-stream' },
        isRepeatable: true,
        read: async (response) => {
          const text = await response.text();
          if (!response.ok) throw errorOfRefusal(response, text);
          return (JSON.parse(text) as { data: Data }).data;
        },
      },
      options,
    );
  }

  /** Stops sharing the session with other tabs. */
  close(): void {
    this.#session?.close();
  }

  #run<Data>(
    transport: Transport,
    document: unknown,
    variables: unknown,
    { idempotencyKey, ...options }: OperationOptions = {},
    isSignIn = false,
  ): Promise<Answer<Data>> {
    const query = textOf(document, this.#print);
    return transport.send(
      {
        path: '/graphql',
        body: JSON.stringify({ query, variables }),
        headers: { ...JSON_HEADERS, ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) },
        isRepeatable: isQuery(query) || idempotencyKey !== undefined,
        isSignIn,
        read: (response) => readAnswer<Data>(response),
      },
      options,
    );
  }

  async #refresh(refreshToken: string): Promise<Tokens> {
    const variables = { refreshToken };
    const { data } = await this.#anonymous.send(
      {
        path: '/graphql',
        body: JSON.stringify({ query: RefreshSession, variables }),
        headers: JSON_HEADERS,
        isRepeatable: true,
        read: (response) => readAnswer<{ refreshSession: Tokens }>(response),
      },
      { timeoutMs: REFRESH_TIMEOUT_MS },
    );
    return data.refreshSession;
  }
}

/** Returns a client of the WebMetrics at `url`. */
export function createClient(options: ClientOptions): WebMetricsClient {
  return new WebMetricsClient(options);
}
