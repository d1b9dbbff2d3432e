import type { GatewayContext } from '#gateway/context.js';
import { copyJson } from '#gateway/federation/sharing/copy-json.js';
import { identityKey } from '#gateway/federation/sharing/identity-key.js';
import { InFlight } from '#gateway/federation/sharing/in-flight.js';
import type { SubgraphRequest, SubgraphResponse } from '#kit/executor.js';
import type { FileAnswer, FileRequest } from '#kit/file-answer.js';
import { observeSharedWork } from '#runtime/telemetry/observe-calls.js';
import { SubgraphDataSource } from './subgraph-data-source.js';

/** The beginning of a document with a query, as the gateway writes them. */
export const QUERY = /^\s*(query\b|\{)/;

/** The answer to an operation that is only planned. */
const NOT_ASKED: SubgraphResponse = {
  data: null,
  errors: [{ message: 'The operation is planned only.', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
  cachePolicy: { maxAge: 0, scope: 'PRIVATE' },
};

class SharedDataSource extends SubgraphDataSource {
  readonly #dataSource: SubgraphDataSource;
  readonly #inFlight = new InFlight<SubgraphResponse>({
    copy: copyJson,
    onShared: () => observeSharedWork('fetch'),
  });

  constructor(dataSource: SubgraphDataSource) {
    super();
    this.#dataSource = dataSource;
  }

  execute(request: SubgraphRequest, context: GatewayContext): Promise<SubgraphResponse> {
    const { identity, generation, watch, isWarmUp } = context;
    const { query, operationName, variables } = request;
    if (isWarmUp) return Promise.resolve(NOT_ASKED);
    if (generation === undefined || !QUERY.test(query)) return this.#dataSource.execute(request, context);
    return this.#inFlight.share({
      key: `${identityKey(identity)}\n${generation}\n${operationName ?? ''}\n${query}`,
      variables: variables ?? {},
      signal: watch?.disconnection.signal,
      ask: (signal) =>
        this.#dataSource.execute(request, {
          ...context,
          watch: watch && { ...watch, disconnection: { signal } as AbortController },
        }),
    });
  }

  override openFile(request: FileRequest, context: GatewayContext): Promise<FileAnswer> {
    return this.#dataSource.openFile(request, context);
  }
}

/**
 * Returns a data source that asks the subgraph once for equal queries of operations in flight: of one document, with equal variables,
 * identity and generation of data. Operations whose context has no generation, as mutations, share nothing.
 */
export function shareFetches(dataSource: SubgraphDataSource): SubgraphDataSource {
  return new SharedDataSource(dataSource);
}
