import type { Identity, IdentitySigner } from '#runtime/identity/identity.js';
import type { HttpClient } from './http-client.js';

/** How a job asks the graph, as an organization's own service. */
export interface GraphClient {
  /**
   * Runs one operation at the gateway on behalf of an organization and returns its data.
   * Throws GraphRequestFailed when the gateway cannot be asked or answers with any error: a job must not mistake
   * partial data for the whole.
   */
  query<Data>(operation: { query: string; variables: Record<string, unknown> }, asker: Asker): Promise<Data>;
}

export interface Asker {
  organizationId: string;
  requestId: string;
}

/** The audience of what jobs say to the gateway. */
export const GATEWAY_AUDIENCE = 'gateway';

const TIMEOUT_MS = 60_000;

/** The graph did not give a whole answer. `code` is that of its first error. */
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

/** Returns a client of the gateway at `url()`, asked for on each call because an embedded gateway starts last. */
export function createGraphClient(url: () => string, http: HttpClient, signer: IdentitySigner): GraphClient {
  return {
    query: async <Data>({ query, variables }: { query: string; variables: Record<string, unknown> }, asker: Asker) => {
      const identity: Identity = { kind: 'service', scopes: [], ...asker };
      const response = await http.send({
        method: 'POST',
        url: url(),
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await signer.sign(identity, GATEWAY_AUDIENCE)}`,
          'x-request-id': asker.requestId,
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
