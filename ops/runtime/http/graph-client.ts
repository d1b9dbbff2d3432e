import type { Identity, IdentitySigner } from '#runtime/identity/identity.js';
import type { HttpClient } from './http-client.js';

/** Runs operations of jobs at the gateway, each as a service of an organization. */
export interface GraphClient {
  /**
   * Returns the data of one operation. Throws GraphRequestFailed on any error in the response, too: a job must not mistake
   * partial data for all of it.
   */
  query<Data>(operation: { query: string; variables: Record<string, unknown> }, caller: Caller): Promise<Data>;
}

export interface Caller {
  organizationId: string;
  requestId: string;
}

export const GATEWAY_AUDIENCE = 'gateway';

const TIMEOUT_MS = 60_000;

/** The gateway gave no complete answer. `code` is that of its first error. */
export class GraphRequestFailed extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = 'GraphRequestFailed';
    this.code = code;
  }
}

interface Answer<Data> {
  data?: Data;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** Returns a client of the gateway. `url` is called for each operation, as an embedded gateway starts last. */
export function createGraphClient(url: () => string, http: HttpClient, signer: IdentitySigner): GraphClient {
  return {
    query: async <Data>(
      { query, variables }: { query: string; variables: Record<string, unknown> },
      caller: Caller,
    ) => {
      const identity: Identity = { kind: 'service', scopes: [], ...caller };
      const response = await http.send({
        method: 'POST',
        url: url(),
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await signer.sign(identity, GATEWAY_AUDIENCE)}`,
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
        throw new GraphRequestFailed(`The gateway answered ${response.status} without JSON.`, 'SUBGRAPH_UNAVAILABLE');
      }
      const [first] = answer.errors ?? [];
      if (first) throw new GraphRequestFailed(first.message, first.extensions?.code ?? 'INTERNAL_SERVER_ERROR');
      if (!answer.data) throw new GraphRequestFailed('The gateway answered without data.', 'INTERNAL_SERVER_ERROR');
      return answer.data;
    },
  };
}
