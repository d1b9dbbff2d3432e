import type { Identity } from '#runtime/identity/identity.js';
import type { InternalSigner } from '#runtime/identity/internal-signer.js';
import { GATEWAY_AUDIENCE } from '#runtime/identity/token-audiences.js';
import type { HttpClient } from './http-client.js';

/** Runs operations of jobs at the gateway, each as a service of an organization. */
export interface GraphClient {
  /**
   * Returns the data of one operation. Throws GraphRequestFailed on any error in the response, too: a job must not mistake
   * partial data for all of it.
   */
  query<Data>(operation: GraphOperation, caller: Caller): Promise<Data>;
  /** Returns what could be read, and the errors of what could not. Throws GraphRequestFailed without any data. */
  queryPartly<Data>(operation: GraphOperation, caller: Caller): Promise<{ data: Data; errors: GraphRequestFailed[] }>;
}

export interface GraphOperation {
  query: string;
  variables: Record<string, unknown>;
}

export interface Caller {
  /** The subgraph that asks. */
  part: string;
  organizationId: string;
  requestId: string;
}

const TIMEOUT_MS = 60_000;

type Path = readonly (string | number)[];

/** The gateway gave no complete answer. `code` is that of its first error, `path` the field's. */
export class GraphRequestFailed extends Error {
  readonly code: string;
  readonly path: Path;

  constructor(message: string, code: string, { path = [], cause }: { path?: Path; cause?: unknown } = {}) {
    super(message, { cause });
    this.name = 'GraphRequestFailed';
    this.code = code;
    this.path = path;
  }
}

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; path?: Path; extensions?: { code?: string } }[];
}

/** Returns a client of the gateway. `url` is called for each operation, as an embedded gateway starts last. */
export function createGraphClient(url: () => string, http: HttpClient, signer: InternalSigner): GraphClient {
  async function queryPartly<Data>({ query, variables }: GraphOperation, { part, ...caller }: Caller) {
    const identity: Identity = { kind: 'service', scopes: [], ...caller };
    const response = await http.send({
      method: 'POST',
      url: url(),
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await signer.signAs(part, identity, GATEWAY_AUDIENCE)}`,
        'x-request-id': caller.requestId,
      },
      body: JSON.stringify({ query, variables }),
      timeoutMs: TIMEOUT_MS,
      isIdempotent: true,
      isOurs: true,
    });
    let answer: Answer<Data>;
    try {
      answer = JSON.parse(response.body) as Answer<Data>;
    } catch {
      // The message is shown to the person who ordered what is made.
      const cause = new Error(`The gateway answered ${response.status} without JSON.`);
      throw new GraphRequestFailed('A part of WebMetrics does not answer.', 'SUBGRAPH_UNAVAILABLE', { cause });
    }
    const errors = (answer.errors ?? []).map(
      ({ message, path, extensions }) =>
        new GraphRequestFailed(message, extensions?.code ?? 'INTERNAL_SERVER_ERROR', { path }),
    );
    const [first = new GraphRequestFailed('The gateway answered without data.', 'INTERNAL_SERVER_ERROR')] = errors;
    if (!answer.data) throw first;
    return { data: answer.data, errors };
  }
  return {
    queryPartly,
    query: async <Data>(operation: GraphOperation, caller: Caller) => {
      const { data, errors } = await queryPartly<Data>(operation, caller);
      const [first] = errors;
      if (first) throw first;
      return data;
    },
  };
}
